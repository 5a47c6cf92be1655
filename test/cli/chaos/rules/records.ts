import type { ConnectorPlan } from '../../../../cli/chaos/history.ts';
import type { ConnectorRecord, HistoryRecord, RecordedCall, RecordedInvocation } from '../../../../cli/chaos/record.ts';
import { brokenRules } from '../../../../cli/chaos/rules/observer.ts';
import { settingsOf } from '../../../../cli/chaos/settingsOf.ts';
import type { CreateRequest } from '../../../../recovery/connector.ts';

/** Hand-written histories of one connector, `orders-cdc`. Times are seconds after eight o'clock of 5 January 2026. */
const startMs = Date.UTC(2026, 0, 5, 8);

export const oldArn = 'arn:aws:kafkaconnect:eu-central-1:123456789012:connector/orders-cdc/11111111-aaaa-4bbb-8ccc-1-2';
export const newArn = 'arn:aws:kafkaconnect:eu-central-1:123456789012:connector/orders-cdc/22222222-aaaa-4bbb-8ccc-2-2';
const worker = 'arn:aws:kafkaconnect:eu-central-1:123456789012:worker-configuration/shop/33333333-aaaa-4bbb-8ccc-3-2';
export const bucket = 'connector-recovery-bucket';
const pinned = 'offset.storage.topic=shop_offsets\n';

export function request(changes: Readonly<Record<string, unknown>> = {}): CreateRequest {
  return {
    connectorName: 'orders-cdc',
    kafkaConnectVersion: '3.7.x',
    capacity: { provisionedCapacity: { mcuCount: 1, workerCount: 1 } },
    connectorConfiguration: {
      'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
      'database.password': 'hunter2hunter2',
    },
    kafkaCluster: {
      apacheKafkaCluster: {
        bootstrapServers: 'b-1.shop.example:9098',
        vpc: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
      },
    },
    kafkaClusterClientAuthentication: { authenticationType: 'IAM' },
    kafkaClusterEncryptionInTransit: { encryptionType: 'TLS' },
    plugins: [
      {
        customPlugin: {
          customPluginArn: 'arn:aws:kafkaconnect:eu-central-1:123456789012:custom-plugin/p/1',
          revision: 1,
        },
      },
    ],
    serviceExecutionRoleArn: 'arn:aws:iam::123456789012:role/connect-execution',
    workerConfiguration: { workerConfigurationArn: worker, revision: 1 },
    ...changes,
  };
}

export type Made = Omit<RecordedCall, 'index' | 'atMs' | 'by' | 'carriedOut' | 'answered'> &
  Partial<Pick<RecordedCall, 'by' | 'carriedOut' | 'answered'>> & {
    readonly at: number;
    /** To find it again. */
    readonly step: string;
  };

/** What the product asks for, in the words of the services. */
export const ask = {
  describe: (at: number, state = 'RUNNING', arn = oldArn): Made => ({
    step: 'describe',
    at,
    invocation: 0,
    service: 'kafkaconnect',
    operation: 'DescribeConnector',
    input: { connectorArn: arn },
    output: { connectorArn: arn, connectorState: state, currentVersion: 'V1' },
  }),
  operations: (at: number, state = 'UPDATE_COMPLETE'): Made => ({
    step: 'operations',
    at,
    invocation: 0,
    service: 'kafkaconnect',
    operation: 'ListConnectorOperations',
    input: { connectorArn: oldArn },
    output: { connectorOperations: [{ connectorOperationState: state }] },
  }),
  list: (at: number, states: readonly (readonly [string, string])[]): Made => ({
    step: 'list',
    at,
    invocation: 0,
    service: 'kafkaconnect',
    operation: 'ListConnectors',
    input: {},
    output: {
      connectors: states.map(([connectorArn, connectorState]) => ({
        connectorName: 'orders-cdc',
        connectorArn,
        connectorState,
      })),
    },
  }),
  metrics: (at: number, newestAt = at - 60): Made => ({
    step: 'metrics',
    at,
    invocation: 0,
    service: 'monitoring',
    operation: 'GetMetricData',
    input: {},
    output: { MetricDataResults: [{ Id: 'm0', Values: [0], Timestamps: [new Date(startMs + newestAt * 1000)] }] },
  }),
  get: (at: number, key: string, body: unknown): Made => ({
    step: `get ${key}`,
    at,
    invocation: 0,
    service: 's3',
    operation: 'GetObject',
    input: { Bucket: bucket, Key: key },
    output: { Body: Buffer.from(JSON.stringify(body)) },
  }),
  worker: (at: number, properties = pinned): Made => ({
    step: 'worker',
    at,
    invocation: 0,
    service: 'kafkaconnect',
    operation: 'DescribeWorkerConfiguration',
    input: { workerConfigurationArn: worker },
    output: { latestRevision: { revision: 1, propertiesFileContent: Buffer.from(properties).toString('base64') } },
  }),
  journal: (at: number, act: object | undefined, recovery = 'r-1'): Made => ({
    step: `journal ${act === undefined ? '' : String(Reflect.get(act, 'kind'))}`,
    at,
    invocation: 0,
    service: 's3',
    operation: 'PutObject',
    input: {
      Bucket: bucket,
      Key: 'journals/orders-cdc.json',
      Body: JSON.stringify({
        schema: 1,
        connector: 'orders-cdc',
        history: [],
        recovery: { id: recovery, openedAt: iso(at), acts: act === undefined ? [] : [act] },
      }),
    },
    output: { ETag: '"1"' },
  }),
  backup: (at: number, changes: object = {}): Made => ({
    step: 'backup',
    at,
    invocation: 0,
    service: 's3',
    operation: 'PutObject',
    input: {
      Bucket: bucket,
      Key: 'backups/orders-cdc/1-r-1.json',
      Body: JSON.stringify({
        schema: 1,
        connector: 'orders-cdc',
        recoveryId: 'r-1',
        at: iso(at),
        arn: oldArn,
        version: 'V1',
        live: request(),
        recreateFrom: request(),
        ...changes,
      }),
    },
  }),
  remove: (at: number): Made => ({
    step: 'delete',
    at,
    invocation: 0,
    service: 'kafkaconnect',
    operation: 'DeleteConnector',
    input: { connectorArn: oldArn, currentVersion: 'V1' },
    output: { connectorArn: oldArn, connectorState: 'DELETING' },
  }),
  restart: (at: number): Made => ({
    step: 'restart',
    at,
    invocation: 0,
    service: 'kafkaconnect',
    operation: 'RestartConnector',
    input: { connectorArn: oldArn },
    output: { connectorArn: oldArn, connectorOperationArn: `${oldArn}/1` },
  }),
  create: (at: number, changes: Readonly<Record<string, unknown>> = {}): Made => ({
    step: 'create',
    at,
    invocation: 0,
    service: 'kafkaconnect',
    operation: 'CreateConnector',
    input: request(changes),
    output: { connectorArn: newArn, connectorState: 'CREATING' },
  }),
  refusedCreate: (at: number): Made => ({
    step: 'refused create',
    at,
    invocation: 0,
    service: 'kafkaconnect',
    operation: 'CreateConnector',
    input: request(),
    error: { code: 'ForbiddenException', status: 403 },
    carriedOut: false,
  }),
};

export const intents = {
  restart: { kind: 'restart', arn: oldArn, onlyFailedTasks: false, intendedAt: iso(300) },
  delete: { kind: 'delete', arn: oldArn, version: 'V1', intendedAt: iso(300), recreateFrom: request() },
  create: { kind: 'create', intendedAt: iso(500), request: request() },
};

export function iso(seconds: number): string {
  return new Date(startMs + seconds * 1000).toISOString();
}

export function ms(seconds: number): number {
  return startMs + seconds * 1000;
}

/** The look that comes before an act. */
export function look(at: number): Made[] {
  return [ask.list(at, [[oldArn, 'RUNNING']]), ask.describe(at), ask.operations(at), ask.metrics(at)];
}

/** A dead connector is deleted and created again, and nothing is to be said against it. */
export function lawfulRecreation(): Made[] {
  return [
    ...look(300),
    ask.get(300, 'connectors/orders-cdc.json', request()),
    ask.worker(300),
    ask.get(300, 'sweep.json', { at: iso(270) }),
    ask.journal(301, intents.delete),
    ask.backup(302),
    ask.journal(303, intents.delete),
    ask.remove(304),
    ask.journal(305, { ...intents.delete, acceptedAt: iso(305) }),
    ask.list(500, []),
    ask.journal(501, intents.create),
    ask.create(502),
    ask.journal(503, { ...intents.create, arn: newArn }),
    ask.backup(800, { closed: { at: iso(800), why: 'the connector was created again' } }),
  ];
}

/** Restarted, and back. */
export function lawfulRestart(at = 300, recovery = 'r-1'): Made[] {
  return [...look(at), ask.journal(at + 1, intents.restart, recovery), ask.restart(at + 2)];
}

/** The calls without those of that step. */
export function without(calls: readonly Made[], step: string): Made[] {
  return calls.filter((call) => call.step !== step);
}

/** The calls with those of that step changed. */
export function changed(calls: readonly Made[], step: string, changes: Partial<Made>): Made[] {
  return calls.map((call) => (call.step === step ? { ...call, ...changes } : call));
}

export interface Told {
  readonly calls: readonly Made[];
  readonly connector?: Partial<ConnectorRecord>;
  readonly record?: Partial<HistoryRecord>;
  readonly plan?: Partial<ConnectorPlan>;
}

const usual: ConnectorPlan = {
  name: 'orders-cdc',
  kind: 'mysql',
  connectVersion: '3.7.x',
  log: true,
  exporter: true,
  pinned: true,
  heartbeats: false,
  saved: 'there',
  idle: false,
  remedies: ['restart', 'recreate'],
  offsets: 'must-survive',
  drift: 'refuse',
  waits: {},
  limits: {},
};

const back: ConnectorRecord['end'] = {
  arn: newArn,
  state: 'RUNNING',
  truth: 'flowing',
  journal: '{"history":[]}',
  backups: [],
};

/** Dead from 100 s on, deleted at 304 s, created at 502 s, RUNNING and flowing at 700 s; calm at 600 s, and over at 5000 s. */
export function recordOf({ calls, connector, record, plan }: Told): HistoryRecord {
  const ordered = calls.toSorted((a, b) => a.at - b.at);
  const invocations: RecordedInvocation[] = [...new Set(ordered.map(({ invocation }) => invocation ?? 0))].map(
    (id) => ({
      id,
      requestId: `request-${id}`,
      event: { source: 'connector-recovery.look', connector: 'orders-cdc' },
      startMs: ms(200),
      endMs: ms(900),
      ended: 'answered',
      clockAheadMs: 0,
    }),
  );
  return {
    seed: 1,
    transport: 'direct',
    startMs,
    faultsEndMs: ms(600),
    boundMs: 3_600_000,
    endMs: ms(5000),
    settings: settingsOf([{ ...usual, ...plan }]),
    bucket,
    functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:connector-recovery',
    calls: ordered.map(({ at, step: _step, ...call }, index) => ({
      by: 'product',
      carriedOut: true,
      answered: true,
      ...call,
      index,
      atMs: ms(at),
    })),
    invocations,
    messages: [],
    logLines: [],
    hits: [],
    connectors: {
      'orders-cdc': {
        name: 'orders-cdc',
        truth: [
          { fromMs: ms(0), arn: oldArn, is: 'flowing' },
          { fromMs: ms(100), arn: oldArn, is: 'dead' },
          { fromMs: ms(304), arn: oldArn, is: 'changing' },
          { fromMs: ms(700), arn: newArn, is: 'flowing' },
        ],
        states: [
          { atMs: ms(0), arn: oldArn, state: 'RUNNING' },
          { atMs: ms(304), arn: oldArn, state: 'DELETING' },
          { atMs: ms(502), arn: newArn, state: 'CREATING' },
          { atMs: ms(700), arn: newArn, state: 'RUNNING' },
        ],
        persons: [],
        end: back,
        ...connector,
      },
    },
    ...record,
  };
}

/** The rules that a history broke, in words, each once. */
export function verdictOn(told: Told): readonly string[] {
  return [...new Set(brokenRules(recordOf(told)).map(({ rule }) => rule))];
}
