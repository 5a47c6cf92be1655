import type { StartedConnector } from '../dataPlane.ts';
import { debeziumServer } from '../exporter.ts';
import type { ConnectorStatus } from './connectRest.ts';
import type { JmxValue } from './jmx.ts';
import type { LineCounts } from './logLines.ts';
import { debeziumMetrics, taskRates } from './workerMetrics.ts';

/** How a connector's worker shows itself to its own REST interface, JMX agent and log at one moment: for whoever records it, not for the product. */
export interface WorkerSample extends LineCounts {
  readonly connector: string;
  /** Milliseconds since the epoch, when the sample was begun. */
  readonly at: number;
  /** What REST `/status` said; absent: no answer. */
  readonly connectorState?: string;
  readonly tasks: readonly { readonly id: number; readonly state: string; readonly trace?: string }[];
  /** 1 or 0, absent as the ones below where the worker has no such value or does not answer. */
  readonly connected?: number;
  readonly msSinceLastEvent?: number;
  readonly msBehindSource?: number;
  readonly pollRate?: number;
  readonly writeRate?: number;
}

/** What the worker answered, put together; no status and no values: it did not. */
export function workerSample(
  { name, configuration }: Pick<StartedConnector, 'name' | 'configuration'>,
  at: number,
  answers: {
    readonly sink: boolean;
    readonly status: ConnectorStatus | undefined;
    readonly values: readonly JmxValue[] | undefined;
    readonly counts: LineCounts;
  },
): WorkerSample {
  const { sink, status, values = [], counts } = answers;
  const streaming = debeziumMetrics(values, debeziumServer(configuration)).streaming ?? {};
  const { polledPerSecond, writtenPerSecond } = taskRates(values, sink);
  const measured = {
    connectorState: status?.connector.state,
    connected: streaming['Connected'],
    msSinceLastEvent: streaming['MilliSecondsSinceLastEvent'],
    msBehindSource: streaming['MilliSecondsBehindSource'],
    pollRate: polledPerSecond,
    writeRate: writtenPerSecond,
  };
  const known = Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== undefined));
  const tasks = (status?.tasks ?? []).map(({ id, state, trace }) => ({
    id,
    state,
    ...(trace !== undefined && { trace }),
  }));
  return { connector: name, at, tasks, ...known, ...counts };
}
