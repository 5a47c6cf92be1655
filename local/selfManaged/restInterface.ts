import { placeBody, infoBody, offsetsBody, statusBody, tasksBody } from './bodies.ts';
import type { ClusterConnector } from './connector.ts';
import { Forwarding } from './forwarding.ts';
import type { Herd } from './herd.ts';
import { HerderThread } from './herderThread.ts';
import type { Answered, Asked } from './http.ts';
import { RestError, notFound } from './restError.ts';
import type { Slot } from './slot.ts';
import { atLeast } from './version.ts';
import type { ClusterWorker } from './worker.ts';

/** Reading an offset back takes a reader to the end of the offsets topic (measured: 9 to 21 ms). */
const offsetsMs = 12;

/**
 * A worker's REST interface. Statuses and names come from what the worker has read of the status and config topics, so that they are answered in any
 * state; all else waits for the herder's one thread, which answers nothing while it is out of its group.
 * @see https://github.com/apache/kafka/blob/3.7.1/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/rest/resources/ConnectorsResource.java
 */
export class RestInterface {
  readonly #herd: Herd;
  readonly #herder: HerderThread;
  readonly #forwarding: Forwarding;
  readonly #clusterId: string;
  readonly #commit: string;

  constructor(herd: Herd, clusterId: string, commit: string) {
    this.#herd = herd;
    this.#herder = new HerderThread(herd);
    this.#forwarding = new Forwarding(herd, this.#herder, (worker, asked, hops) => this.#route(worker, asked, hops));
    this.#clusterId = clusterId;
    this.#commit = commit;
  }

  /** Answers, whatever is asked. */
  async answer(worker: ClusterWorker, asked: Asked): Promise<Answered> {
    try {
      return await this.#route(worker, asked, 0);
    } catch (error) {
      if (error instanceof RestError) return error.answer;
      throw error;
    }
  }

  /** Whether only the leader, or the owner of a task, can do this. */
  leads({ method, parts }: Asked): boolean {
    return method !== 'GET' && !['pause', 'resume'].includes(parts.at(-1) ?? '');
  }

  async #route(worker: ClusterWorker, asked: Asked, hops: number): Promise<Answered> {
    const { method, parts } = asked;
    const [root, name, what, ...rest] = parts;
    if (root === undefined && method === 'GET') {
      return ok({ version: this.#herd.version, commit: this.#commit, kafka_cluster_id: this.#clusterId });
    }
    if (root !== 'connectors' || rest.length > (what === 'tasks' ? 2 : 0)) throw notFound('HTTP 404 Not Found');
    if (name === undefined) return this.#collection(worker, asked, hops);
    switch (`${method} ${[what, ...(rest.length > 0 ? ['n', ...rest.slice(1)] : [])].join('/')}`) {
      case 'GET ':
        return this.#herder.run(worker, 'fails', () => ok(infoBody(this.#get(name))));
      case 'GET config':
        return this.#herder.run(worker, 'fails', () => ok(this.#get(name).config), false);
      case 'GET tasks':
        return this.#herder.run(worker, 'fails', () => ok(tasksBody(this.#get(name))));
      case 'GET status':
        return this.#status(name);
      case 'GET tasks/n/status':
        return this.#taskStatus(name, rest[0] ?? '');
      case 'GET offsets':
        this.#since('3.5');
        await this.#herder.run(worker, 'waits', () => undefined);
        await this.#herder.sleep(offsetsMs);
        return ok(offsetsBody(this.#get(name), this.#herd.clock.now()));
      case 'POST restart':
        return this.#restart(worker, asked, name, hops);
      case 'POST tasks/n/restart':
        return this.#restartTask(worker, asked, name, rest[0] ?? '', hops);
      case 'PUT pause':
        this.#known(name);
        return this.#herder.write(worker, () => this.#herd.pause(this.#known(name)));
      case 'PUT resume':
        this.#known(name);
        return this.#herder.write(worker, () => this.#herd.resume(this.#known(name)));
      case 'PUT stop':
        this.#since('3.5');
        return this.#forwarding.led(worker, asked, hops, 'waits', () => {
          this.#herd.stop(this.#get(name, `Unknown connector ${name}`));
          return { status: 204 };
        });
      case 'PUT config':
        return this.#forwarding.led(worker, asked, hops, 'waits', () => this.#configure(name, readConfig(asked.body)));
      case 'DELETE ':
        return this.#forwarding.led(worker, asked, hops, 'waits', () => {
          this.#herd.remove(this.#get(name));
          return { status: 204 };
        });
      default:
        throw ['GET', 'POST', 'PUT', 'DELETE'].includes(method) && knownPaths.has(what ?? '')
          ? new RestError(405, 'HTTP 405 Method Not Allowed')
          : notFound('HTTP 404 Not Found');
    }
  }

  async #collection(worker: ClusterWorker, asked: Asked, hops: number): Promise<Answered> {
    if (asked.method === 'POST') {
      const { name = '', config } = readCreation(asked.body);
      return this.#forwarding.led(worker, asked, hops, 'waits', () => {
        if (this.#herd.connectors.has(name)) throw new RestError(409, `Connector ${name} already exists`);
        return this.#configure(name, config);
      });
    }
    if (asked.method !== 'GET') throw new RestError(405, 'HTTP 405 Method Not Allowed');
    const expansions = asked.query.getAll('expand');
    const names = [...this.#herd.connectors.keys()];
    if (expansions.length === 0) return ok(names);
    const expanded: Record<string, unknown> = {};
    for (const connector of this.#herd.connectors.values()) {
      const status = statusBody(connector);
      // A connector without a status is taken for one that is just being removed, and left out.
      if (expansions.includes('status') && status === undefined) continue;
      expanded[connector.name] = {
        ...(expansions.includes('status') && { status }),
        ...(expansions.includes('info') && { info: infoBody(connector) }),
      };
    }
    return ok(expanded);
  }

  #status(name: string): Answered {
    const connector = this.#herd.connectors.get(name);
    const status = connector === undefined ? undefined : statusBody(connector);
    if (status === undefined) throw notFound(`No status found for connector ${name}`);
    return ok(status);
  }

  #taskStatus(name: string, id: string): Answered {
    const slot = this.#herd.connectors.get(name)?.tasks[Number(id)];
    const place = slot === undefined ? undefined : placeBody(slot);
    if (place === undefined) throw notFound(`No status found for task ${name}-${id}`);
    return ok({ id: Number(id), ...place });
  }

  async #restart(worker: ClusterWorker, asked: Asked, name: string, hops: number): Promise<Answered> {
    const knowsTasks = atLeast(this.#herd.version, '3.0');
    const includeTasks = knowsTasks && asked.query.get('includeTasks') === 'true';
    const onlyFailed = knowsTasks && asked.query.get('onlyFailed') === 'true';
    const unknown = `Unknown connector: ${name}`;
    if (!includeTasks && !onlyFailed) {
      return this.#forwarding.owned(
        worker,
        asked,
        hops,
        () => this.#get(name, unknown).instance,
        () => {
          this.#herd.restartInstance(this.#get(name, unknown));
          return { status: 204 };
        },
      );
    }
    return this.#forwarding.led(worker, asked, hops, 'conflicts', () => {
      const connector = this.#get(name, unknown);
      const touches = (slot: Slot) =>
        (slot.task === undefined || includeTasks) && (!onlyFailed || slot.status?.state === 'FAILED');
      const plan = statusBody(connector, touches);
      if (plan === undefined) throw notFound(`Status for connector ${name} not found`);
      this.#herd.restart(connector, { includeTasks, onlyFailed });
      return { status: 202, body: plan };
    });
  }

  async #restartTask(worker: ClusterWorker, asked: Asked, name: string, id: string, hops: number): Promise<Answered> {
    const slotOf = () => {
      const slot = this.#get(name, `Unknown connector: ${name}`).tasks[Number(id)];
      if (slot === undefined) throw notFound(`Unknown task: ${name}-${id}`);
      return slot;
    };
    return this.#forwarding.owned(
      worker,
      asked,
      hops,
      slotOf,
      () =>
        new Promise((resolve) => {
          this.#herd.restartTask(this.#get(name), Number(id), () => resolve({ status: 204 }));
        }),
    );
  }

  #configure(name: string, config: Readonly<Record<string, string>>): Answered {
    if (config['connector.class'] === undefined) {
      const given = Object.entries({ ...config, name }).map(([key, value]) => `${key}=${value}`);
      throw new RestError(400, `Connector config {${given.join(', ')}} contains no connector type`);
    }
    const created = this.#herd.configure(name, config);
    const body = infoBody(this.#get(name));
    return created
      ? { status: 201, headers: { location: `/connectors/${encodeURIComponent(name)}` }, body: { ...body, tasks: [] } }
      : ok(body);
  }

  #get(name: string, message = `Connector ${name} not found`): ClusterConnector {
    const connector = this.#herd.connectors.get(name);
    if (connector === undefined) throw notFound(message);
    return connector;
  }

  #known(name: string): ClusterConnector {
    return this.#get(name, `Unknown connector ${name}`);
  }

  #since(version: string): void {
    if (!atLeast(this.#herd.version, version)) throw notFound('HTTP 404 Not Found');
  }
}

const knownPaths = new Set(['', 'config', 'tasks', 'status', 'restart', 'pause', 'resume', 'stop', 'offsets']);

function ok(body: unknown): Answered {
  return { status: 200, body };
}

function readConfig(text: string | undefined): Readonly<Record<string, string>> {
  try {
    const read: unknown = JSON.parse(text ?? '');
    if (typeof read === 'object' && read !== null) return read as Readonly<Record<string, string>>;
  } catch {
    // Said below.
  }
  throw new RestError(500, 'Unrecognized token: was expecting a JSON object');
}

function readCreation(text: string | undefined): {
  readonly name?: string;
  readonly config: Readonly<Record<string, string>>;
} {
  const { name, config } = readConfig(text) as { readonly name?: string; readonly config?: Record<string, string> };
  return { ...(name !== undefined && { name }), config: config ?? {} };
}
