import { cloudWatchSigns } from '../../lambda/signsOfLife.ts';
import { exampleAccount } from '../../local/aws/account.ts';
import { LocalCloudWatch } from '../../local/aws/cloudwatch.ts';
import { LocalLogs } from '../../local/aws/logs.ts';
import { VirtualClock } from '../../local/virtualClock.ts';
import type { ConnectorState, LiveConnector, Operation } from '../../recovery/connector.ts';
import type { Journal } from '../../recovery/journal.ts';
import { judge } from '../../recovery/judge.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import type { ConnectorSettings } from '../../settings/connectorSettings.ts';
import { readSettings } from '../../settings/read.ts';
import { directClients } from '../chaos/directClients.ts';
import { truthAt } from './recording.ts';
import type { RecordedSample, Recording, Truth } from './recording.ts';

/** What the product would have said at one sample of a recording. */
export interface Judged {
  readonly atSeconds: number;
  readonly truth: Truth;
  readonly verdict: Verdict;
}

const name = 'orders-cdc';
const server = 'shop';
const topic = 'orders';
const logGroup = '/msk-connect/shop';
/** The day does not matter. */
const beginMs = Date.UTC(2026, 0, 5, 12);
const daySeconds = 86_400;
/** MSK Connect publishes its own metrics once a minute. */
const nativeEverySeconds = 55;

/**
 * Takes the product's own look at every sample of a recording, as if it were called then: its SDK queries, answered by the local CloudWatch into
 * which everything was published that had been shown so far, its window, its verdict, and what its journal remembers of it. Moments at which
 * somebody is at work on the connector are left out, as the product leaves it alone.
 */
export async function replay(recording: Recording): Promise<readonly Judged[]> {
  const { samples, lines, lateSeconds = { metrics: 0, log: 0 } } = recording;
  const firstSeconds = Math.min(samples[0]?.atSeconds ?? 0, lines[0]?.atSeconds ?? 0) - 60;
  const clock = new VirtualClock(momentMs(firstSeconds));
  const cloudWatch = new LocalCloudWatch({
    clock,
    account: exampleAccount,
    emit: () => undefined,
    publish: () => undefined,
  });
  const logs = new LocalLogs({
    clock,
    account: exampleAccount,
    emit: () => undefined,
    deliveryDelayMs: lateSeconds.log * 1000,
  });
  await logs.call('CreateLogGroup', { logGroupName: logGroup });
  const settings = settingsOf(recording);
  const clients = directClients((service, operation, input) =>
    service === 'logs' ? logs.call(operation, input) : cloudWatch.call(operation, input),
  );
  const ports = {
    signsOfLife: cloudWatchSigns(clients.cloudWatch, clients.logs, [settings]),
    past: { rates: async () => ({ kind: 'unreadable', reason: 'a recording has no past' }) as const },
  };
  let journal: Journal = { schema: 1, connector: name, history: [] };
  const judged: Judged[] = [];
  const shown = publisher(recording, cloudWatch);
  let line = 0;
  let published = 0;
  try {
    for (const sample of samples) {
      for (let next = lines[line]; next !== undefined && next.atSeconds <= sample.atSeconds; next = lines[line]) {
        await clock.advanceTo(momentMs(next.atSeconds));
        logs.write(logGroup, name, next.text);
        line += 1;
      }
      await clock.advanceTo(momentMs(sample.atSeconds));
      for (let count = 0; count < sample.commits; count += 1) logs.write(logGroup, name, commitText(recording));
      for (let due = samples[published]; due !== undefined; due = samples[published]) {
        if (due.atSeconds + lateSeconds.metrics > sample.atSeconds) break;
        shown(due);
        published += 1;
      }
      const connector = connectorAt(recording, sample.atSeconds);
      if (connector === undefined) continue;
      const at = new Date(momentMs(sample.atSeconds)).toISOString();
      const verdict = await judge(ports, settings.policy, connector, journal, undefined, at);
      const { watchedWithLess: _before, ...rest } = journal;
      journal = verdict.watchedWithLess === undefined ? rest : { ...rest, watchedWithLess: verdict.watchedWithLess };
      judged.push({ atSeconds: sample.atSeconds, truth: truthAt(recording, sample.atSeconds), verdict });
    }
  } finally {
    cloudWatch.close();
    logs.close();
  }
  return judged;
}

function momentMs(atSeconds: number): number {
  return beginMs + Math.round(atSeconds * 1000);
}

/** As `npm run capture` fills it in. */
function settingsOf({ kind, connectVersion }: Recording): ConnectorSettings {
  const metrics =
    kind === 'sink'
      ? { lag: { clusterName: 'shop', topics: [topic] } }
      : { debezium: { serverName: server, publishes: ['Connected', 'MilliSecondsSinceLastEvent'] } };
  const executionRoleArn = 'arn:aws:iam::111122223333:role/connect-execution';
  const text = JSON.stringify({
    notify: { emails: ['oncall@example.com'] },
    connectors: [{ name, kind, connectVersion, executionRoleArn, logGroup, metrics }],
  });
  const [settings] = readSettings(text, 'connectors.json').connectors;
  if (settings === undefined) throw new Error('A recording has one connector.');
  return settings;
}

function commitText({ connectVersion, kind }: Recording): string {
  if (kind === 'sink') return `INFO [${name}|task-0] WorkerSinkTask{id=${name}-0} Committing offsets asynchronously`;
  const said =
    connectVersion === '2.7.1'
      ? 'Finished commitOffsets successfully in 3 ms'
      : 'Committing offsets for 9 acknowledged messages';
  return `INFO [${name}|task-0|offsets] WorkerSourceTask{id=${name}-0} ${said}`;
}

/** Puts what a sample showed into CloudWatch, each metric as often as it is published. */
function publisher(recording: Recording, cloudWatch: LocalCloudWatch): (sample: RecordedSample) => void {
  const sink = recording.kind === 'sink';
  let nativeAtSeconds = -Infinity;
  return (sample) => {
    const atMs = momentMs(sample.atSeconds);
    const put = (namespace: string, metric: string, dimensions: Record<string, string>, value: number | undefined) => {
      if (value !== undefined) cloudWatch.put({ namespace, name: metric, dimensions, value, atMs });
    };
    const debezium = { DBServerName: server, type: 'streaming' };
    put('MSK_Connect', 'Connected', debezium, sample.connected);
    put('MSK_Connect', 'MilliSecondsSinceLastEvent', debezium, sample.msSinceLastEvent);
    if (sample.atSeconds - nativeAtSeconds < nativeEverySeconds) return;
    nativeAtSeconds = sample.atSeconds;
    const native = { ConnectorName: name };
    put('AWS/KafkaConnect', sink ? 'SinkRecordReadRate' : 'SourceRecordPollRate', native, sample.pollRate);
    put('AWS/KafkaConnect', sink ? 'SinkRecordSendRate' : 'SourceRecordWriteRate', native, sample.writeRate);
    put('AWS/KafkaConnect', 'RunningTaskCount', native, sample.running);
    put('AWS/KafkaConnect', 'ErroredTaskCount', native, sample.errored);
    const group = { 'Cluster Name': 'shop', 'Consumer Group': `connect-${name}`, Topic: topic };
    put('AWS/Kafka', 'SumOffsetLag', group, sample.lag);
  };
}

/** The connector as MSK Connect would describe it then; `undefined` while somebody is at work on it. */
function connectorAt(recording: Recording, atSeconds: number): LiveConnector | undefined {
  const { states, samples, createdAtSeconds, configuration, connectVersion } = recording;
  const past = states.filter((one) => one.atSeconds <= atSeconds);
  const state = past.at(-1)?.state ?? 'RUNNING';
  if (state !== 'RUNNING' && state !== 'FAILED') return undefined;
  const created = past.findLast((one) => one.state === 'CREATING');
  const generation = past.filter((one) => one.state === 'CREATING').length;
  const createdAt = created?.atSeconds ?? createdAtSeconds ?? (samples[0]?.atSeconds ?? 0) - 30 * daySeconds;
  return {
    name,
    arn: `arn:aws:kafkaconnect:us-east-1:111122223333:connector/${name}/${generation}-2`,
    version: 'V1',
    state: state satisfies ConnectorState,
    createdAt: new Date(momentMs(createdAt)).toISOString(),
    request: { connectorName: name, kafkaConnectVersion: connectVersion, connectorConfiguration: configuration },
    operations: past.flatMap((one, index): Operation[] => {
      const ended = past[index + 1];
      if (one.state !== 'RESTARTING' || ended === undefined) return [];
      const [startedAt, endedAt] = [one, ended].map((moment) => new Date(momentMs(moment.atSeconds)).toISOString());
      if (startedAt === undefined || endedAt === undefined) return [];
      return [{ arn: `${name}/operation/${index}`, type: 'RESTART_CONNECTOR', state: 'complete', startedAt, endedAt }];
    }),
  };
}
