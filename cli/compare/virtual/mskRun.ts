import { strike, struckDataPlane } from '../../../local/actors/strike.ts';
import { exampleAccount } from '../../../local/aws/account.ts';
import { SimulatedDataPlane } from '../../../local/connect/simulated/simulatedDataPlane.ts';
import { SimulatedSource } from '../../../local/connect/simulated/source.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import type { LocalAws } from '../../../local/stack/localAws.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';
import { openVirtualAccount } from '../../bench/virtualAccount.ts';
import { createRequest, logGroup, workerProperties } from '../../demonstration/connectors.ts';
import { hearEngine } from '../engineLine.ts';
import { failureText, strikeOf, type Plan } from '../plan.ts';
import type { SideResult } from '../marks.ts';
import { SideWatch } from '../sideWatch.ts';
import type { CompareDeployment } from './deployment.ts';
import { untilSettled } from './untilSettled.ts';

const acts = new Set(['RestartConnector', 'DeleteConnector', 'CreateConnector']);

/** The failure in the MSK Connect world, in virtual time in this thread: what happened when, up to the engine's own end of it. */
export async function mskRun({ connector, settings, assembly }: CompareDeployment, plan: Plan): Promise<SideResult> {
  const random = seededRandom(plan.seed);
  const clock = new VirtualClock(plan.startMs);
  const watch = new SideWatch('MSK Connect');
  let dataPlane: SimulatedDataPlane | undefined;
  const aws = await openVirtualAccount({
    clock,
    random,
    settings,
    logGroups: [logGroup],
    durations: plan.durations,
    longestTravelMs: plan.longestTravelMs,
    dataPlane: (telemetry) => {
      dataPlane = new SimulatedDataPlane({
        clock,
        telemetry,
        random,
        databases: {
          [connector.host]: new SimulatedSource({ clock, kind: 'mysql', rowsPerSecond: plan.rowsPerSecond }),
        },
        exporter: () => ({
          publish: ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'],
          firstSeconds: plan.msk.exporterPhaseSeconds,
        }),
        nativeFirstSeconds: plan.msk.nativePhaseSeconds,
        taskStarts: plan.msk.taskStarts,
      });
      return dataPlane;
    },
    onEvent: (event) => {
      const alarm = alarmIn(event);
      if (alarm !== undefined) watch.detected(alarm.atMs, `ALARM ${alarm.signal}`);
    },
    onCall: ({ service, operation, atMs, error }) => {
      if (service === 'kafkaconnect' && acts.has(operation)) watch.called(atMs, operation, error?.code);
    },
    onLine: (line) => hearEngine(watch, line, (name) => name === connector.name, clock.now()),
  });
  try {
    if (dataPlane === undefined) throw new Error('The data plane was not made.');
    const plane = dataPlane;
    await createConnector(aws, connector);
    await clock.advanceTo(plan.deployAtMs);
    await aws.deploy(assembly);
    await clock.advanceTo(plan.failAtMs);
    strike(struckDataPlane(plane), connector.name, strikeOf(plan.failure));
    watch.failed(clock.now(), plane.rows(connector.name), failureText(plan.failure));
    await untilSettled(clock, watch, () => plane.rows(connector.name), plan);
    return watch.result();
  } finally {
    await aws.close();
  }
}

function alarmIn(event: unknown): { readonly atMs: number; readonly signal: string } | undefined {
  const { source, detail } = event as {
    readonly source?: string;
    readonly detail?: {
      readonly alarmName?: string;
      readonly state?: { readonly value?: string; readonly timestamp?: string };
    };
  };
  const { value, timestamp } = detail?.state ?? {};
  if (source !== 'aws.cloudwatch' || value !== 'ALARM' || timestamp === undefined) return undefined;
  return {
    atMs: Date.parse(timestamp.replace(/\+0000$/, 'Z')),
    signal: detail?.alarmName?.split('/').at(-1) ?? 'of no name',
  };
}

async function createConnector({ connect }: LocalAws, connector: CompareDeployment['connector']): Promise<void> {
  const plugin = await connect.call('CreateCustomPlugin', {
    name: 'debezium-mysql',
    contentType: 'ZIP',
    location: { s3Location: { bucketArn: 'arn:aws:s3:::plugins', fileKey: 'debezium-mysql.zip' } },
  });
  const worker = await connect.call('CreateWorkerConfiguration', {
    name: 'shop',
    propertiesFileContent: Buffer.from(workerProperties).toString('base64'),
  });
  const arns = {
    plugin: String(plugin['customPluginArn']),
    worker: String(worker['workerConfigurationArn']),
    role: `arn:aws:iam::${exampleAccount.accountId}:role/connect-execution`,
  };
  await connect.call('CreateConnector', { ...createRequest(connector, arns) });
}
