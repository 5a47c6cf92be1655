import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startActor, type ActorProcess } from '../../local/actors/actorProcess.ts';
import type { FromConnector, SpectatorOnly, ToConnector } from '../../local/actors/connectorMessages.ts';
import type { FromMonitor, ToMonitor } from '../../local/actors/monitorMessages.ts';
import type { Durations } from '../../local/connect/durations.ts';
import type { TaskStarts } from '../../local/connect/simulated/kinds.ts';
import type { ScaledClock } from '../../local/scaledClock.ts';
import type { Cast } from './connectors.ts';
import { logGroup } from './connectors.ts';
import type { FromSynth, ToSynth } from './synthActor.ts';
import { capture, pointAt, untilRunning } from './account.ts';
import { createConnectors, untilMetricsSeconds } from './world.ts';

/** The connector, the monitor and the recovery as processes of their own, and the product deployed. */
export interface CyclesWorld {
  readonly monitorEndpoint: string;
  readonly connectEndpoint: string;
  readonly stackName: string;
  readonly functionLogGroup: string;
  /** The connector breaks by itself from now on, once in each window of the run's own time. */
  begin(windows: number, windowSeconds: number): void;
}

export type Mail = Extract<FromMonitor, { readonly kind: 'mail' }>;

/** The processes of one run; they can be ended at any moment, and with them all that they started. */
export interface Actors {
  readonly connector: ActorProcess<ToConnector, FromConnector>;
  readonly monitor: ActorProcess<ToMonitor, FromMonitor>;
  /** Ends them, and what they left in the temporary folder. */
  end(): Promise<void>;
  /**
   * @param say is told of each step
   * @param own what is set otherwise than a deployment would have it: in `connectors.json`, with the words for it, and of MSK Connect's time. @default nothing
   */
  open(cast: Cast, seed: number, say: (text: string) => void, own?: Own): Promise<CyclesWorld>;
}

export interface Own {
  readonly begun?: object;
  readonly inWords?: string;
  readonly durations?: Partial<Durations>;
  readonly taskStarts?: TaskStarts;
}

/**
 * What this mode sets otherwise than a deployment would: a connector that fails all the time would be handed to a person after three recoveries a
 * day, and not be touched for half an hour after each.
 */
const limits = { cooldownSeconds: 0, recoveriesPerDay: 100 };
export const failsAllTheTime: Own = {
  begun: { defaults: { limits } },
  inWords: `; set limits.cooldownSeconds to ${limits.cooldownSeconds} and recoveriesPerDay to ${limits.recoveriesPerDay} in connectors.json, since here it fails all the time`,
};

const here = (path: string) => new URL(path, import.meta.url);

/** Starts the processes; nothing is in them yet. */
export function startActors(
  clock: ScaledClock,
  hear: {
    /** What really happened: for the screen only. */
    readonly truth: (truth: SpectatorOnly) => void;
    readonly mail: (mail: Mail) => void;
  },
): Actors {
  const { scale } = clock;
  const monitor = startActor<ToMonitor, FromMonitor>('monitor', here('../../local/actors/monitor.ts'), (message) => {
    if (message.kind === 'mail') hear.mail(message);
  });
  const connector = startActor<ToConnector, FromConnector>(
    'connector',
    here('../../local/actors/connector.ts'),
    (message) => {
      if (message.kind === 'truth') hear.truth(message);
    },
  );
  // Loads the CDK while the connector starts.
  const synth = startActor<ToSynth, FromSynth>('synthesis', here('synthActor.ts'));
  const folder = mkdtempSync(join(tmpdir(), 'connector-recovery-'));

  return {
    connector,
    monitor,
    async end() {
      await Promise.all([monitor.end(), connector.end(), synth.end()]);
      rmSync(folder, { recursive: true, force: true });
    },
    async open(cast, seed, say, { begun, inWords = '', durations, taskStarts } = {}) {
      monitor.send({ kind: 'open', scale, logGroups: [logGroup] });
      const { endpoint: monitorEndpoint } = await monitor.next('listening');
      connector.send({
        kind: 'open',
        scale,
        seed,
        hosts: [cast.host],
        cloudWatchEndpoint: monitorEndpoint,
        ...(durations === undefined ? {} : { durations }),
        ...(taskStarts === undefined ? {} : { taskStarts }),
      });
      const { endpoint: connectEndpoint } = await connector.next('listening');
      pointAt(monitorEndpoint, connectEndpoint);
      say(`started the connector (process ${connector.pid}) and the monitor (process ${monitor.pid})`);
      await createConnectors([cast]);
      await untilRunning(1);
      await sleep((untilMetricsSeconds * 1000) / scale.factor);
      const { text } = await capture([cast.name], begun);
      say(`created and captured ${cast.name}${inWords}`);
      const outdir = join(folder, 'cdk.out');
      synth.send({ kind: 'synth', text, outdir });
      const { stackName } = await synth.next('synthesized');
      await synth.end();
      monitor.send({ kind: 'deploy', cdkOut: outdir, connectEndpoint });
      const { functionLogGroup } = await monitor.next('deployed');
      say('synthesized the stack and deployed it on the monitor; the recovery is its function, a process of its own');
      return {
        monitorEndpoint,
        connectEndpoint,
        stackName,
        functionLogGroup,
        begin: (windows, windowSeconds) =>
          connector.send({ kind: 'begin', connector: cast.name, windows, windowSeconds }),
      };
    },
  };
}
