/**
 * The connector as a process: MSK Connect's API on an endpoint of its own, and the simulated worker behind it, which breaks by itself: at random
 * moments, or at a given one. Whoever wants to know how it fares reads its logs and metrics in CloudWatch, or asks MSK Connect, which says RUNNING.
 */
import { exampleAccount } from '../aws/account.ts';
import { startServer } from '../aws/server.ts';
import type { AnsweredCall } from '../aws/calls.ts';
import { MskConnect } from '../connect/mskConnect.ts';
import { SimulatedDataPlane } from '../connect/simulated/simulatedDataPlane.ts';
import { SimulatedSource } from '../connect/simulated/source.ts';
import { scaledClock } from '../scaledClock.ts';
import { seededRandom } from '../seededRandom.ts';
import { breakAtRandom } from './breakAtRandom.ts';
import { cloudWatchTelemetry } from './cloudWatchTelemetry.ts';
import type { SpectatorOnly, ToConnector } from './connectorMessages.ts';
import { actOn, tell } from './ownProcess.ts';
import { strikeAt, struckDataPlane } from './strike.ts';

const { region, accountId } = exampleAccount;
const toSpectator = (truth: SpectatorOnly) => tell(truth);
/** Shorter than AWS's 3 to 5 minutes, for nothing is shown meanwhile. The restart is as long as everywhere here. */
const shorter = { createSeconds: 30, restartSeconds: 60 };
const acts = new Set(['RestartConnector', 'DeleteConnector', 'CreateConnector']);

type Open = Extract<ToConnector, { kind: 'open' }>;
let breaks: ((message: Exclude<ToConnector, { kind: 'open' }>) => void) | undefined;

actOn(async (received) => {
  const message = received as ToConnector;
  if (message.kind === 'open') await open(message);
  else if (breaks === undefined) throw new Error(`${message.kind} came before open.`);
  else breaks(message);
});

async function open({ scale, seed, hosts, cloudWatchEndpoint, durations = shorter, taskStarts }: Open): Promise<void> {
  const clock = scaledClock(scale);
  const random = seededRandom(seed);
  const dataPlane = new SimulatedDataPlane({
    clock,
    random,
    telemetry: cloudWatchTelemetry({
      clock,
      endpoint: cloudWatchEndpoint,
      region,
      refused: (error) => process.stderr.write(`${String(error)}\n`),
    }),
    databases: Object.fromEntries(
      hosts.map((host) => [host, new SimulatedSource({ clock, kind: 'mysql', rowsPerSecond: 1 })]),
    ),
    exporter: () => ({ publish: ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'] }),
    ...(taskStarts !== undefined && { taskStarts }),
  });
  const connect = new MskConnect({ clock, random, dataPlane, region, accountId, durations });
  const { endpoint } = await startServer([connect], { clock, onCall: tellAct });
  breaks = (message) => {
    const { connector } = message;
    if (message.kind === 'strike') {
      const { strike, atMs } = message;
      strikeAt({ clock, world: struckDataPlane(dataPlane), connector, strike, atMs, tell: toSpectator });
      return;
    }
    const { windows, windowSeconds } = message;
    breakAtRandom({
      clock,
      random,
      connector,
      windows,
      windowSeconds,
      dataPlane,
      state: async () => {
        const { connectors } = (await connect.call('ListConnectors', {})) as {
          connectors: readonly { connectorName: string; connectorState: string }[];
        };
        return connectors.find(({ connectorName }) => connectorName === connector)?.connectorState ?? 'gone';
      },
      tell: toSpectator,
    });
  };
  tell({ kind: 'listening', endpoint });
}

function tellAct({ operation, input, atMs, error }: AnsweredCall): void {
  if (!acts.has(operation)) return;
  const arn = input['connectorArn'];
  const name = typeof arn === 'string' ? arn.split('/')[1] : input['connectorName'];
  toSpectator({
    kind: 'truth',
    truth: 'called',
    atMs,
    connector: String(name),
    operation,
    ...(error === undefined ? {} : { error: error.code }),
  });
}
