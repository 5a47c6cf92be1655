import { exampleAccount } from '../../local/aws/account.ts';
import type { SimulatedDataPlane } from '../../local/connect/simulated/simulatedDataPlane.ts';
import type { LocalAws } from '../../local/stack/localAws.ts';
import type { VirtualClock } from '../../local/virtualClock.ts';
import { alarmName, type functionSettings } from '../../settings/alarmNames.ts';
import { logGroup, type People } from './cast.ts';
import { heard } from './ending.ts';
import type { AlarmArrival, Event } from './story.ts';

export const stackName = 'connector-recovery';

export interface Stage {
  readonly aws: LocalAws;
  readonly dataPlane: SimulatedDataPlane;
  readonly people: People;
  readonly clock: VirtualClock;
  readonly settings: ReturnType<typeof functionSettings>;
  /** What reaches CloudWatch of what workers show. */
  readonly published: { metrics: boolean };
}

/** Lets an event of a story happen. */
export async function befall(
  event: Event,
  { aws, dataPlane, people, clock, settings, published }: Stage,
): Promise<void> {
  const { connect } = aws;
  const by = async (operation: string, input: Readonly<Record<string, unknown>> = {}) =>
    connect.call(operation, { connectorArn: await people.arn(event.of), ...input });
  switch (event.kind) {
    case 'half-open':
      dataPlane.halfOpen(event.of, {
        inventedRestartDoesNotHelp: event.restartDoesNotHelp ?? false,
        inventedMetricsStay: event.metricsStay ?? false,
      });
      return;
    case 'database-hangs':
      dataPlane.databaseHangs(event.of, event.minutes * 60);
      return;
    case 'network-hole':
      dataPlane.networkHole(event.of, event.minutes * 60);
      return;
    case 'broker-hangs':
      dataPlane.brokerHangs(event.of, event.minutes * 60, event.duringFlush);
      return;
    case 'aws-operates': {
      const end = connect.beginOwnOperation(event.of, event.operation);
      clock.at(clock.now() + event.minutes * 60_000, end);
      return;
    }
    case 'metrics-stop':
    case 'metrics-return':
      published.metrics = event.kind === 'metrics-return';
      return;
    case 'log-group-deleted':
      await aws.logs.call('DeleteLogGroup', { logGroupName: logGroup });
      return;
    case 'alarms-muted':
      await aws.cloudwatch.call('PutAlarmMuteRule', {
        Name: `maintenance-of-${event.of}`,
        Rule: {
          Schedule: {
            Expression: `at(${new Date(clock.now()).toISOString().slice(0, 16)})`,
            Duration: `PT${event.minutes}M`,
          },
        },
        MuteTargets: {
          AlarmNames: Object.keys(settings.alarms).filter((name) => settings.alarms[name]?.connector === event.of),
        },
      });
      return;
    case 'connection-reset':
      dataPlane.connectionReset(event.of);
      return;
    case 'task-fails':
      dataPlane.taskFailed(event.of, event.task);
      return;
    case 'invented-zombie':
      dataPlane.inventedZombie(event.of);
      return;
    case 'rate':
      dataPlane.goBusy(event.of, event.rowsPerSecond);
      return;
    case 'person-pauses':
      await by('PauseConnector');
      return;
    case 'person-resumes':
      await by('ResumeConnector');
      return;
    case 'person-deletes':
      await by('DeleteConnector');
      return;
    case 'person-updates': {
      const live = await connect.call('DescribeConnector', { connectorArn: await people.arn(event.of) });
      await by('UpdateConnector', {
        currentVersion: live['currentVersion'],
        connectorConfiguration: {
          ...(live['connectorConfiguration'] as Readonly<Record<string, string>>),
          [event.property]: event.value,
        },
      });
      return;
    }
    case 'person-replaces':
      await by('DeleteConnector');
      while ((await people.state(event.of)) !== 'absent') await clock.advanceBy(500);
      await connect.call('CreateConnector', { ...people.requests.get(event.of) });
      return;
    case 'person-asks':
      invokeLater(aws, { connector: event.of, ...(event.remedy === undefined ? {} : { remedy: event.remedy }) });
      return;
    case 'person-approves':
      invokeLater(aws, { connector: event.of, do: 'approve', who: 'anna' });
      return;
    case 'person-orders':
      invokeLater(aws, {
        ...(event.of === 'the stack' ? {} : { connector: event.of }),
        do: event.do,
        who: 'anna',
      });
      return;
    case 'person-follows-mail':
      follow(aws, event);
      return;
    case 'daily-check':
      invokeLater(aws, { source: 'connector-recovery.check' });
      return;
    case 'alarm-arrives':
      for (let time = 0; time < (event.times ?? 1); time += 1) {
        invokeLater(aws, alarmEvent(event.of, event.how, clock.now(), settings));
      }
  }
}

/** Reads the command out of the mail as its reader would, and leaves nothing of it but the name to fill in. */
function follow(
  aws: LocalAws,
  { of, saying, fromMail }: Extract<Event, { readonly kind: 'person-follows-mail' }>,
): void {
  const commands = aws.sns
    .inbox()
    .map(heard)
    .filter((mail) => mail.of === of)
    .flatMap(({ text }) => text.split('\n').filter((line) => line.includes(saying)));
  const line = fromMail === 'first' ? commands[0] : commands.at(-1);
  const [, functionName, payload] =
    / aws lambda invoke --region \S+ --function-name (\S+) .*--payload '(.*)' \/dev\/stdout$/.exec(line ?? '') ?? [];
  const [definition] = aws.lambda.functions;
  if (payload === undefined || functionName === undefined || definition === undefined)
    throw new Error(`No mail about ${of} shows a command beside "${saying}".`);
  const input = JSON.parse(payload.replaceAll(`'\\''`, "'")) as { readonly who?: string };
  if (input.who !== 'your name') throw new Error(`The command leaves no name to fill in: ${payload}`);
  aws.lambda.invokeLater(functionName, JSON.stringify({ ...input, who: 'anna' }));
}

function invokeLater({ lambda }: LocalAws, payload: unknown): void {
  const [definition] = lambda.functions;
  if (definition === undefined) throw new Error('The stack has no function.');
  lambda.invokeLater(definition.name, JSON.stringify(payload));
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
function alarmEvent(
  connector: string,
  how: AlarmArrival,
  atMs: number,
  settings: ReturnType<typeof functionSettings>,
): object {
  const signal = settings.connectors.find(({ name }) => name === connector)?.signals[0]?.signal ?? 'connected';
  const metrics = how === 'composite' ? {} : { metrics: [{ id: 'm1' }] };
  return {
    version: '0',
    id: '6d4b4f0a-0000-4000-8000-000000000000',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: how === 'from a foreign account' ? '444455556666' : exampleAccount.accountId,
    region: exampleAccount.region,
    time: new Date(atMs).toISOString(),
    resources: [],
    detail: {
      alarmName: alarmName(stackName, how === 'unknown' ? `${connector}-of-somebody-else` : connector, signal),
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp: new Date(atMs).toISOString() },
      configuration: how === 'composite' ? { alarmRule: 'ALARM(a) OR ALARM(b)' } : metrics,
      ...(how === 'muted' ? { muteDetail: { mutedBy: 'maintenance' } } : {}),
    },
  };
}
