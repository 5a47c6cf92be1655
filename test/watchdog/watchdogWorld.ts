import { memoryObjects } from '../../cli/compare/virtual/memoryObjects.ts';
import { seededRandom } from '../../local/seededRandom.ts';
import type { AddedConnector } from '../../local/selfManaged/clusterOptions.ts';
import { SimulatedConnectCluster } from '../../local/selfManaged/simulatedConnectCluster.ts';
import { VirtualClock } from '../../local/virtualClock.ts';
import type { Journal } from '../../recovery/journal.ts';
import type { Message } from '../../recovery/message.ts';
import { checkWatchdogSettings } from '../../settings/watchdogRead.ts';
import type { ClusterEntry, WatchdogFile } from '../../settings/watchdogSchema.ts';
import { s3Journals } from '../../store/journals.ts';
import type { Objects } from '../../store/objects.ts';
import { openCluster } from '../../watchdog/cluster.ts';
import { watchdogDirections } from '../../watchdog/directions.ts';
import { Watchdog } from '../../watchdog/watchdog.ts';
import type { WatchdogParts } from '../../watchdog/watchdog.ts';

/** A database that a restart of the task finds well again. */
export const curable =
  'org.apache.kafka.connect.errors.ConnectException: An exception occurred in the change event producer. This connector will be stopped.\nCaused by: java.io.EOFException: Failed to read next byte from position 1';

export const mysqlSource = {
  'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
  'tasks.max': '1',
  'database.hostname': 'db',
  'topic.prefix': 'shop',
  'heartbeat.interval.ms': '5000',
};

/** One line of a watchdog's log. */
export interface Line {
  readonly at: string;
  readonly by: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One simulated Kafka Connect cluster, one store, one mailbox, and as many watchdogs as are started, in virtual time. */
export class WatchdogWorld {
  readonly clock = new VirtualClock();
  readonly connect: SimulatedConnectCluster;
  readonly objects: Objects = memoryObjects();
  readonly told: (Message & { readonly at: string })[] = [];
  readonly lines: Line[] = [];
  readonly settings: ReturnType<typeof checkWatchdogSettings>;
  /** The workers whose processes were replaced. */
  readonly replaced: string[] = [];
  /** Whether people can be reached. */
  refusal: Error | undefined;
  #ids = 0;

  constructor(
    options: {
      readonly workers?: number;
      readonly version?: string;
      readonly file?: Partial<WatchdogFile>;
      /** What its settings say of the cluster beside its addresses. */
      readonly cluster?: Partial<ClusterEntry>;
    } = {},
  ) {
    const { workers = 1, version } = options;
    this.connect = new SimulatedConnectCluster({
      clock: this.clock,
      random: seededRandom(7),
      name: 'shop',
      workers,
      flushSeconds: 10,
      ...(version === undefined ? {} : { version }),
    });
    this.settings = checkWatchdogSettings(
      {
        clusters: [
          {
            name: 'shop',
            urls: [...this.connect.urls],
            prometheus: { urls: [...this.connect.prometheusUrls] },
            offsetFlushSeconds: 10,
            ...options.cluster,
          },
        ],
        store: { folder: 'memory' },
        tell: { logOnly: true },
        ...options.file,
      },
      'watchdog.json',
    );
  }

  add(name: string, config: Readonly<Record<string, string>> = mysqlSource, added: AddedConnector = {}): void {
    this.connect.addConnector(name, config, added);
  }

  now(): string {
    return new Date(this.clock.now()).toISOString();
  }

  /** What a watchdog by that name is made of; `kill` ends it as SIGKILL does: it never wakes again. */
  parts(instance: string): { readonly parts: WatchdogParts; readonly kill: () => void } {
    let isKilled = false;
    const newId = () => `${instance}-${(this.#ids += 1)}`;
    const clock = {
      now: () => this.now(),
      sleep: async (seconds: number) => {
        await this.clock.sleep(seconds * 1000);
        if (isKilled) await new Promise(() => undefined);
      },
    };
    const env = {};
    const send = this.connect.transport();
    // Of what is under way when it is killed, Kafka Connect may carry out a part; nobody hears its answer.
    const transport: typeof send = async (request) => {
      if (isKilled) await new Promise(() => undefined);
      const answer = await send(request);
      if (isKilled) await new Promise(() => undefined);
      return answer;
    };
    const parts: WatchdogParts = {
      settings: this.settings,
      clusters: this.settings.clusters.map((own) =>
        openCluster(own, {
          clock,
          newId,
          env,
          transport,
          groups: this.connect.consumerGroups(),
          replace: async (worker) => {
            this.replaced.push(worker);
            await this.connect.replaceWorker(worker);
            return undefined;
          },
        }),
      ),
      objects: this.objects,
      notifier: {
        tell: async (message) => {
          if (this.refusal !== undefined) throw this.refusal;
          this.told.push({ ...message, at: this.now() });
        },
      },
      directions: watchdogDirections(this.settings.clusters, 'node watchdog.mjs', 'watchdog.json'),
      clock,
      recorder: (base) => ({
        note: (event, fields) =>
          void this.lines.push({ at: this.now(), by: instance, event, fields: { ...base, ...fields } }),
      }),
      newId,
      instance,
    };
    return {
      parts,
      kill: () => {
        isKilled = true;
      },
    };
  }

  /** Starts a watchdog; `stop` ends it as SIGTERM does. */
  start(instance = 'first'): {
    readonly watchdog: Watchdog;
    readonly kill: () => void;
    readonly stop: () => Promise<void>;
  } {
    const { parts, kill } = this.parts(instance);
    const watchdog = new Watchdog(parts);
    watchdog.start();
    return {
      watchdog,
      kill,
      stop: async () => {
        const stopped = watchdog.stop();
        await this.clock.advanceBy(1000);
        await stopped;
      },
    };
  }

  async pass(seconds: number): Promise<void> {
    await this.clock.advanceBy(seconds * 1000);
  }

  /** What was asked of Kafka Connect besides looks, such as `POST /connectors/orders/tasks/0/restart`. */
  get asked(): readonly string[] {
    return this.connect.asked.map(({ method, path }) => `${method} ${path}`);
  }

  get subjects(): readonly string[] {
    return this.told.map(({ subject }) => subject.replace('[connector-recovery] ', ''));
  }

  async journal(connector: string): Promise<Journal | undefined> {
    const stored = await s3Journals(this.objects).read(connector);
    return 'kind' in stored ? undefined : stored.journal;
  }
}
