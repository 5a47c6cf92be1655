import type { LiveConnector } from '../recovery/connector.ts';
import { reachSaid, reachTexts } from '../recovery/outOfReach.ts';
import { positionTerms, saysPositionLost } from '../recovery/positionLost.ts';
import type { Lines, LogSigns } from '../recovery/signs.ts';
import type { ConnectorSettings } from '../settings/connectorSettings.ts';
import { commitLine, connectorTag } from '../settings/logLines.ts';

/** WorkerTask.java of apache/kafka, 2.7.1 and 3.7.1, at ERROR. */
const taskFailureText = 'Task threw an uncaught and unrecoverable exception';

/**
 * Debezium, 1.9 to 3.x, at INFO, of what comes before its stream: RelationalSnapshotChangeEventSource.java ("Snapshot step 1 - Preparing",
 * "Exporting data from table", "Exported 5000 of 90000 records for table", "Finished exporting 90000 records for table") and
 * SchemaHistoryMetrics.java, in 1.9 DatabaseHistoryMetrics.java ("Started database schema history recovery", "... history recovery in progress").
 */
const startingUpTexts = ['Snapshot step', 'data from table', 'records for table', 'history recovery'];
/** The end of either: ChangeEventSourceCoordinator.java ("Snapshot ended with SnapshotResult"), and "Finished database schema history recovery". */
const startedTexts = ['Snapshot ended', 'Finished database'];

/** Debezium's Metrics.java, at ERROR, after it waited in vain for the names of a dead task (measured). */
const orphanedText = 'Failed to register metrics MBean';

interface LogLine {
  readonly message?: string | undefined;
  readonly timestamp?: number | undefined;
}

/** A CloudWatch Logs filter pattern that any line of interest matches; `?` terms are OR-ed. */
export function linePattern(settings: ConnectorSettings): string {
  const commit = commitLine(settings.kind, settings.connectVersion)?.terms[0];
  const texts = [
    ...(commit === undefined ? [] : [commit]),
    ...reachTexts,
    ...positionTerms,
    taskFailureText,
    orphanedText,
    ...startingUpTexts,
    'Snapshot ended',
  ];
  return texts.map((text) => `?"${text}"`).join(' ');
}

/** Sorts lines by what they say of this connector; those of another never count. Pure. */
export function readLines(
  events: readonly LogLine[],
  settings: ConnectorSettings,
  connector: LiveConnector,
  shared: boolean,
): Omit<Extract<LogSigns, { kind: 'read' }>, 'kind' | 'complete' | 'newestLineAt'> {
  const commit = commitLine(settings.kind, settings.connectVersion);
  const own = events.filter(({ message = '' }) => message.includes(connectorTag(connector.name)));
  const host = hostOf(connector);
  const workers = ownWorkers(events, connector.name);
  // Stack traces and java.util.logging carry no connector's name; its own worker in front, or a host, does as well as one.
  const nameless = events.filter(
    ({ message = '' }) =>
      !tagged.test(message) &&
      (!shared || workers.has(workerOf(message) ?? '') || (host !== undefined && message.includes(host))),
  );
  return {
    ...(commit === undefined
      ? {}
      : {
          commits: count(
            own,
            (message) =>
              commit.terms.every((term) => message.includes(term)) &&
              !commit.not.some((term) => message.includes(term)),
          ),
        }),
    reconnects: counted(outOfReach([...own, ...nameless])),
    closed: count([...own, ...nameless], (message) => reachSaid(message) === 'closed'),
    positionLost: count([...own, ...nameless], saysPositionLost),
    taskFailures: count(own, (message) => message.includes(taskFailureText)),
    startingUp: startingUp(own),
    metricsOrphaned: count(own, (message) => message.includes(orphanedText)),
  };
}

/** Lines of a snapshot, or of the reading of the schema history, since the newest that says that it ended or that its task died. */
function startingUp(own: readonly LogLine[]): Lines {
  const says = (texts: readonly string[]) => (message: string) => texts.some((text) => message.includes(text));
  const endedAt = count(own, says([...startedTexts, taskFailureText])).lastAt ?? '';
  const isLater = ({ timestamp = 0 }: LogLine) => new Date(timestamp).toISOString() > endedAt;
  return count(own.filter(isLater), says(startingUpTexts));
}

/** A connector's name with its scope, as in `[orders-cdc|task-0]`. */
const tagged = /\[[^\]|]+\|[^\]]+\]/;

/** MSK Connect writes the worker in front of every line: `[Worker-0edd1b9d4d5c6f0d1] `. */
function workerOf(message: string): string | undefined {
  return /^\[Worker-([^\]]+)\]/.exec(message)?.[1];
}

/**
 * The workers that write for this connector and for no other: on MSK Connect each connector has workers of its own.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-connectors.html
 */
function ownWorkers(events: readonly LogLine[], name: string): ReadonlySet<string> {
  const own = new Set<string>();
  const others = new Set<string>();
  for (const { message = '' } of events) {
    const worker = workerOf(message);
    if (worker === undefined || !tagged.test(message)) continue;
    (message.includes(connectorTag(name)) ? own : others).add(worker);
  }
  return new Set([...own].filter((worker) => !others.has(worker)));
}

/** The lines of one stack trace are written at once. */
const sameTraceMs = 2000;

/** The lines that say that the source is out of reach; what may say it counts unless a line beside it says that a connection was only cut. */
function outOfReach(lines: readonly LogLine[]): LogLine[] {
  const said = lines.map((line) => ({ line, says: reachSaid(line.message ?? ''), atMs: line.timestamp ?? 0 }));
  const cutAtMs = said.filter(({ says }) => says === 'cut' || says === 'closed').map(({ atMs }) => atMs);
  return said.flatMap(({ line, says, atMs }) => {
    const onlyCut = says === 'perhaps' && cutAtMs.some((cutMs) => Math.abs(cutMs - atMs) <= sameTraceMs);
    return says === 'out of reach' || (says === 'perhaps' && !onlyCut) ? [line] : [];
  });
}

/** The source's host, if the configuration says it in plain text. */
function hostOf(connector: LiveConnector): string | undefined {
  const host = connector.request.connectorConfiguration['database.hostname'];
  return host === undefined || host.length < 4 || host.includes('${') ? undefined : host;
}

function count(lines: readonly LogLine[], matches: (message: string) => boolean): Lines {
  return counted(lines.filter(({ message = '' }) => matches(message)));
}

function counted(lines: readonly LogLine[]): Lines {
  const times = lines.map(({ timestamp = 0 }) => timestamp);
  if (times.length === 0) return { count: 0 };
  return { count: times.length, lastAt: new Date(Math.max(...times)).toISOString() };
}
