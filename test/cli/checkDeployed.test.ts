import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { afterEach, describe, expect, it } from 'vitest';
import { checkDeployed } from '../../cli/checkDeployed.ts';
import { bucketObjects } from '../../store/objects.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import type { CallHooks } from '../../local/aws/calls.ts';
import { LocalIam } from '../../local/aws/iam.ts';
import { fixture, runningConnector } from '../local/connect/fixture.ts';
import { account, startServices, type TestServices } from '../lambda/services.ts';
import { settingsOf } from '../lambda/settings.ts';

let services: TestServices | undefined;
let iam: IAMClient | undefined;
afterEach(async () => {
  iam?.destroy();
  await services?.close();
});

const now = '2026-11-21T08:00:00.000Z';
const trust = (sourceArn: string) => ({
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'kafkaconnect.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { ArnLike: { 'aws:SourceArn': sourceArn } },
    },
  ],
});
const letsIn = trust('arn:aws:kafkaconnect:us-east-1:111122223333:connector/orders-cdc/*');

async function start(options: { readonly trusts?: object; readonly fault?: CallHooks['fault'] } = {}) {
  const made = await fixture({
    configuration: {
      'connector.class': 'io.debezium.connector.mysql.MySqlConnector',
      'database.password': 'geheim-7',
      'topic.prefix': 'shop',
    },
  });
  const roles = new LocalIam(account);
  if (options.trusts !== undefined) roles.putRole('connect-execution', options.trusts);
  services = await startServices([made.connect, roles], options.fault === undefined ? {} : { fault: options.fault });
  const { clients, clock } = services;
  await clock.advanceTo(Date.parse(now));
  await made.clock.advanceTo(Date.parse('2026-11-21T07:30:00.000Z'));
  const arn = await runningConnector(made);
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName: '/msk-connect/shop' }));
  iam = new IAMClient({
    endpoint: await clients.s3.config
      .endpoint?.()
      .then(({ protocol, hostname, port }) => `${protocol}//${hostname}:${port}`),
    region: account.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 2,
  });
  const stackBucket = bucketObjects(clients.s3, 'shop');
  await stackBucket.write('sweep.json', JSON.stringify({ at: '2026-11-21T07:59:30.000Z' }));
  const check = async (bucket: string | undefined = 'shop') =>
    checkDeployed(
      { connectors: [settingsOf('orders-cdc')], now, ...(bucket === '' ? {} : { bucket }) },
      { ...clients, iam: iam as IAMClient },
    );
  return { made, arn, stackBucket, check };
}

type Judged = Awaited<ReturnType<typeof checkDeployed>>;

const of = (judged: Judged, ...rules: string[]) =>
  judged.flatMap(({ name, findings }) =>
    findings
      .filter(({ rule }) => rules.includes(rule))
      .map(({ severity, rule, found, needs }) => [name, severity, rule, needs ?? found].join(' | ')),
  );

describe('npm run check, of what is deployed', () => {
  it('reads whom the execution role trusts with the operator’s own rights', async () => {
    const { check } = await start({ trusts: letsIn });
    expect(of(await check(), 'role-shuts-out', 'sweep-unseen', 'unreadable', 'log-group-gone')).toEqual([]);
  });

  it('finds a role that names the connector by its full ARN', async () => {
    const { check, arn } = await start({
      trusts: trust('arn:aws:kafkaconnect:us-east-1:111122223333:connector/orders-cdc/6f1d2c3b-2'),
    });
    expect(arn).toContain(':connector/orders-cdc/');
    expect(of(await check(), 'role-shuts-out')).toEqual([
      'orders-cdc | blocks | role-shuts-out | its trust policy asks for aws:SourceArn arn:aws:kafkaconnect:us-east-1:111122223333:connector/orders-cdc/6f1d2c3b-2',
    ]);
  });

  it('finds a role that is gone, and says what it needs where it may not look', async () => {
    const gone = await start();
    expect(of(await gone.check(), 'role-shuts-out')).toEqual([
      'orders-cdc | blocks | role-shuts-out | the role arn:aws:iam::111122223333:role/connect-execution does not exist',
    ]);
    iam?.destroy();
    await services?.close();
    const denied = new AwsError('AccessDenied', 403, 'not authorized to perform: iam:GetRole');
    const blind = await start({ fault: ({ operation }) => (operation === 'GetRole' ? denied : undefined) });
    expect(of(await blind.check(), 'role-shuts-out')).toEqual([
      'orders-cdc | cannot-tell | role-shuts-out | iam:GetRole on arn:aws:iam::111122223333:role/connect-execution',
    ]);
  });

  it('without the bucket of a stack says that it cannot tell, never that it is ready', async () => {
    const { check } = await start({ trusts: letsIn });
    const judged = await check('');
    expect(of(judged, 'sweep-unseen')).toEqual([
      '(every connector) | cannot-tell | sweep-unseen | sweep.json in the bucket of the stack',
    ]);
    expect(judged.map(({ ready }) => ready)).toEqual([false, false]);
  });

  it('repeats no secret of any configuration', async () => {
    const { check, made, stackBucket } = await start({ trusts: letsIn });
    const saved = {
      ...made.request,
      connectorConfiguration: { 'connector.class': 'x', 'database.password': 'geheim-8' },
    };
    await stackBucket.write('connectors/orders-cdc.json', JSON.stringify(saved));
    expect(JSON.stringify(await check())).not.toMatch(/geheim/);
  });
});
