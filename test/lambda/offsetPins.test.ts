import { afterEach, describe, expect, it } from 'vitest';
import { mskConnectors } from '../../lambda/mskConnect.ts';
import { sight } from '../../lambda/mskConnect.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import type { CallHooks } from '../../local/aws/calls.ts';
import type { CreateRequest, LiveConnector } from '../../recovery/connector.ts';
import { fixture, runningConnector, type FixtureOptions } from '../local/connect/fixture.ts';
import { startServices, type TestServices } from './services.ts';

let services: TestServices | undefined;
afterEach(async () => {
  await services?.close();
  services = undefined;
});

async function start(options: FixtureOptions = {}, fault?: CallHooks['fault'], changes: object = {}) {
  const made = await fixture(options);
  services = await startServices([made.connect], fault === undefined ? {} : { fault });
  const { kafkaConnect, kafkaConnectOnce } = services.clients;
  const arn = await runningConnector(made, changes as Readonly<Record<string, unknown>>);
  const seen = await sight(kafkaConnect, arn);
  if (seen.kind !== 'present') throw new Error('the connector is absent');
  const connectors = mskConnectors(kafkaConnect, kafkaConnectOnce, () => 'mysql');
  const id = arn.split('/').at(-1) ?? '';
  const textOf = async (workerConfigurationArn: string) => {
    const { latestRevision } = await made.connect.call('DescribeWorkerConfiguration', { workerConfigurationArn });
    const { propertiesFileContent } = latestRevision as { propertiesFileContent: string };
    return Buffer.from(propertiesFileContent, 'base64').toString();
  };
  return { made, connectors, live: seen.connector, id, textOf };
}

const name = (id: string) => `connector-recovery-orders-cdc-${id}`;

async function pinnedArn(connectors: ReturnType<typeof mskConnectors>, live: LiveConnector): Promise<string> {
  const pin = await connectors.makePin(live, live.request);
  if (pin.kind !== 'pinned') throw new Error(JSON.stringify(pin));
  return pin.workerConfiguration.workerConfigurationArn;
}

describe('the default offsets topic', () => {
  it('is pinned beside all that the worker configuration says', async () => {
    const { connectors, live, id, textOf } = await start({
      workerProperties: '# ours\nkey.converter=a.B\nvalue.converter=a.C',
    });
    expect(await connectors.findPin(live, live.request)).toEqual({ kind: 'missing' });
    const arn = await pinnedArn(connectors, live);
    expect(arn).toContain(`:worker-configuration/${name(id)}/`);
    expect(await textOf(arn)).toBe(
      `# ours\nkey.converter=a.B\nvalue.converter=a.C\noffset.storage.topic=__amazon_msk_connect_offsets_orders-cdc_${id}\n`,
    );
    expect(await connectors.findPin(live, live.request)).toEqual({
      kind: 'pinned',
      workerConfiguration: { workerConfigurationArn: arn, revision: 1 },
    });
  });

  it('is what the connector then finds its offsets in, as far as its name can be told', async () => {
    const { connectors, live } = await start();
    expect(await connectors.offsetSurvival(live, live.request)).toMatchObject({ kind: 'lost', unpinned: true });
    const workerConfiguration = { workerConfigurationArn: await pinnedArn(connectors, live), revision: 1 };
    const request: CreateRequest = { ...live.request, workerConfiguration };
    expect(await connectors.offsetSurvival(live, request)).toMatchObject({ kind: 'unknown', pinsDefault: true });
  });

  it('is pinned beside MSK Connect’s own converters where the connector names no worker configuration', async () => {
    const { connectors, live, id, textOf } = await start({}, undefined, { workerConfiguration: undefined });
    expect(await textOf(await pinnedArn(connectors, live))).toBe(
      'key.converter=org.apache.kafka.connect.storage.StringConverter\n' +
        'value.converter=org.apache.kafka.connect.storage.StringConverter\n' +
        `offset.storage.topic=__amazon_msk_connect_offsets_orders-cdc_${id}\n`,
    );
  });

  it('is pinned once, however often it is asked for', async () => {
    const { made, connectors, live } = await start();
    const arns = [await pinnedArn(connectors, live), await pinnedArn(connectors, live)];
    expect(arns[0]).toBe(arns[1]);
    const { workerConfigurations } = await made.connect.call('ListWorkerConfigurations', {});
    expect(workerConfigurations).toHaveLength(2);
  });

  it('is pinned though the answer was lost: the next try finds it', async () => {
    let lost = 0;
    const { connectors, live } = await start({}, ({ operation }) =>
      operation === 'CreateWorkerConfiguration' && lost++ === 0 ? 'drop-answer' : undefined,
    );
    await expect(connectors.makePin(live, live.request)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await connectors.findPin(live, live.request)).toMatchObject({ kind: 'pinned' });
    expect(await connectors.makePin(live, live.request)).toMatchObject({ kind: 'pinned' });
  });

  it('is not taken for pinned by something else under that name', async () => {
    const { made, connectors, live, id } = await start();
    await made.connect.call('CreateWorkerConfiguration', {
      name: name(id),
      propertiesFileContent: Buffer.from('offset.storage.topic=elsewhere').toString('base64'),
    });
    const refused = { kind: 'refused', reason: `worker configuration ${name(id)} is there and says something else` };
    expect(await connectors.findPin(live, live.request)).toEqual(refused);
    expect(await connectors.makePin(live, live.request)).toEqual(refused);
  });

  it.each([
    ['that pins a topic already', 'offset.storage.topic=mine'],
    ['whose last line goes on', 'key.converter=a.B\\'],
  ])('is not pinned beside a worker configuration %s', async (_, workerProperties) => {
    const { connectors, live } = await start({ workerProperties });
    expect(await connectors.makePin(live, live.request)).toMatchObject({ kind: 'refused' });
  });

  it.each(['a backup names it', 'no backup names it'])(
    'is found again when the connector is gone, and %s',
    async (how) => {
      const { connectors, live } = await start();
      const workerConfiguration = { workerConfigurationArn: await pinnedArn(connectors, live), revision: 1 };
      const known = how === 'a backup names it' ? workerConfiguration : undefined;
      expect(await connectors.findEarlierPin(live.request, known)).toEqual({ kind: 'pinned', workerConfiguration });
    },
  );

  it('is not looked for where the saved config has an offsets topic of its own', async () => {
    const { made, connectors, live } = await start();
    const workerConfiguration = { workerConfigurationArn: await pinnedArn(connectors, live), revision: 1 };
    const own = await made.connect.call('CreateWorkerConfiguration', {
      name: 'ours',
      propertiesFileContent: Buffer.from('offset.storage.topic=ours').toString('base64'),
    });
    const request: CreateRequest = {
      ...live.request,
      workerConfiguration: { workerConfigurationArn: String(own['workerConfigurationArn']), revision: 1 },
    };
    expect(await connectors.findEarlierPin(request, workerConfiguration)).toEqual({ kind: 'missing' });
  });

  it('of another connector is none of it: one whose name goes on, one that is spelt alike, one that says something else', async () => {
    const { made, connectors, live } = await start();
    const pin = (called: string, topic: string) =>
      made.connect.call('CreateWorkerConfiguration', {
        name: `connector-recovery-${called}`,
        propertiesFileContent: Buffer.from(`offset.storage.topic=${topic}`).toString('base64'),
      });
    await pin('orders-cdc-eu-1a', '__amazon_msk_connect_offsets_orders-cdc-eu_1a');
    await pin('orders-cdc-2b', '__amazon_msk_connect_offsets_orders.cdc_2b');
    await pin('orders-cdc-3c', 'somewhere');
    expect(await connectors.findEarlierPin(live.request, undefined)).toEqual({ kind: 'missing' });
  });

  it('is not chosen among several, nor when it is gone', async () => {
    const { made, connectors, live } = await start();
    const arn = await pinnedArn(connectors, live);
    await made.connect.call('CreateWorkerConfiguration', {
      name: 'connector-recovery-orders-cdc-later',
      propertiesFileContent: Buffer.from('offset.storage.topic=__amazon_msk_connect_offsets_orders-cdc_later').toString(
        'base64',
      ),
    });
    expect(await connectors.findEarlierPin(live.request, undefined)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('several') as unknown,
    });
    await made.connect.call('DeleteWorkerConfiguration', { workerConfigurationArn: arn });
    const known = { workerConfigurationArn: arn, revision: 1 };
    expect(await connectors.findEarlierPin(live.request, known)).toEqual({
      kind: 'refused',
      reason: `worker configuration ${arn} does not exist`,
    });
  });

  it('is not pinned without the right to, nor beside what is gone', async () => {
    const denied = new AwsError('ForbiddenException', 403, 'not authorized');
    const { made, connectors, live } = await start({}, ({ operation }) =>
      operation === 'CreateWorkerConfiguration' ? denied : undefined,
    );
    expect(await connectors.makePin(live, live.request)).toEqual({
      kind: 'refused',
      reason: 'CreateWorkerConfiguration: ForbiddenException: not authorized',
    });
    await made.connect.call('DeleteWorkerConfiguration', { workerConfigurationArn: made.workerConfigurationArn });
    expect(await connectors.findPin(live, live.request)).toMatchObject({ kind: 'refused' });
  });
});
