import { afterEach, describe, expect, it } from 'vitest';
import { cloudWatchPast } from '../../lambda/past.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import type { CallHooks } from '../../local/aws/calls.ts';
import type { LocalService } from '../../local/aws/service.ts';
import type { LiveConnector } from '../../recovery/connector.ts';
import { learnedLimit, learnPace } from '../../recovery/pace.ts';
import type { PastRates } from '../../recovery/pace.ts';
import { scripted, startServices, type TestServices } from './services.ts';
import { settings } from './settings.ts';

let services: TestServices;
afterEach(() => services.close());

const minuteMs = 60_000;
const twoWeeks = 14 * 1440;
const to = '2026-11-21T04:50:30.000Z';
const from = '2026-11-07T04:50:00.000Z';
const fromMs = Date.parse(from);

function live(name: string): LiveConnector {
  return {
    name,
    arn: `arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/${name}/1-2`,
    version: 'K1',
    state: 'RUNNING',
    createdAt: '2026-10-01T00:00:00.000Z',
    request: { connectorName: name, kafkaConnectVersion: '3.7.x', connectorConfiguration: {} },
    operations: [],
  };
}

async function start(own: readonly LocalService[] = [], fault?: CallHooks['fault']) {
  services = await startServices(own, fault === undefined ? {} : { fault });
  return cloudWatchPast(services.clients.cloudWatch, settings.connectors);
}

/** Published once a minute, as MSK Connect does, at its tenth second. */
function publish(name: string, metric: string, minute: number, value: number) {
  const dimensions = { ConnectorName: name };
  const atMs = fromMs + minute * minuteMs + 10_000;
  services.cloudWatch.put({ namespace: 'AWS/KafkaConnect', name: metric, dimensions, value, atMs });
}

function read(rates: PastRates): Extract<PastRates, { kind: 'read' }> {
  if (rates.kind !== 'read') throw new Error(rates.reason);
  return rates;
}

const metricCalls = () => services.calls.filter(({ operation }) => operation === 'GetMetricData').length;

describe("a connector's past, as CloudWatch keeps it", () => {
  it('is its rate of records, minute by minute over two weeks, in one answer', async () => {
    const past = await start();
    for (let minute = 0; minute < twoWeeks; minute += 1) {
      if (minute % 1440 === 100) continue;
      publish('orders-cdc', 'SourceRecordPollRate', minute, minute % 1440 < 7 ? 0 : 2.5);
    }
    const rates = read(await past.rates(live('orders-cdc'), to));
    expect(rates.from).toBe(from);
    expect(rates.perMinute).toHaveLength(twoWeeks);
    expect([0, 6, 7, 100, 101, 1440, twoWeeks - 1].map((minute) => rates.perMinute[minute])).toEqual([
      0,
      0,
      2.5,
      undefined,
      2.5,
      0,
      2.5,
    ]);
    expect(metricCalls()).toBe(1);
    expect(learnedLimit(learnPace(rates, from, []), 110)).toEqual({
      kind: 'limit',
      seconds: 840,
      because: 'never more than 7 min in 14 days (2026-11-07, 04:50 UTC)',
    });
  });

  it('is that of the sink of that name, by what it reads, and of nobody else', async () => {
    const past = await start();
    publish('orders-to-search', 'SinkRecordReadRate', 5, 3);
    publish('orders-to-search', 'SourceRecordPollRate', 6, 4);
    publish('orders-cdc', 'SinkRecordReadRate', 7, 5);
    const { perMinute } = read(await past.rates(live('orders-to-search'), to));
    expect([...perMinute.entries()].filter(([, rate]) => rate !== undefined)).toEqual([[5, 3]]);
  });

  it('is read over several pages', async () => {
    const page = (minute: number, status: string) => ({
      MetricDataResults: [
        { Id: 'm0', Timestamps: [new Date(fromMs + minute * minuteMs)], Values: [minute], StatusCode: status },
      ],
    });
    const monitoring = scripted('monitoring', {
      GetMetricData: (input) =>
        input['NextToken'] === 'more' ? page(2, 'Complete') : { ...page(1, 'PartialData'), NextToken: 'more' },
    });
    const { perMinute } = read(await (await start([monitoring])).rates(live('orders-cdc'), to));
    expect(perMinute.slice(0, 4)).toEqual([undefined, 1, 2, undefined]);
  });

  it('is asked for again only after ten minutes, and of each connector by itself', async () => {
    const past = await start();
    await past.rates(live('orders-cdc'), to);
    await past.rates(live('orders-cdc'), '2026-11-21T05:00:29.000Z');
    expect(metricCalls()).toBe(1);
    await past.rates(live('orders-cdc-old'), to);
    expect(metricCalls()).toBe(2);
    const again = cloudWatchPast(services.clients.cloudWatch, settings.connectors);
    await again.rates(live('orders-cdc'), '2026-11-21T05:00:29.000Z');
    expect(metricCalls()).toBe(2);
    await again.rates(live('orders-cdc'), '2026-11-21T05:00:30.000Z');
    expect(metricCalls()).toBe(3);
  });
});

describe('a past that cannot be read is unknown', () => {
  it.each([
    { code: 'Throttling', status: 400, says: /^GetMetricData: Throttling 400/ },
    { code: 'AccessDenied', status: 403, says: /^GetMetricData: AccessDenied 403/ },
  ])('when CloudWatch answers $code, and is asked again at the next look', async ({ code, status, says }) => {
    let refuses = true;
    const past = await start([], ({ operation }) =>
      refuses && operation === 'GetMetricData' ? new AwsError(code, status, 'Rate exceeded') : undefined,
    );
    expect(await past.rates(live('orders-cdc'), to)).toEqual({
      kind: 'unreadable',
      reason: expect.stringMatching(says),
    });
    refuses = false;
    expect(await past.rates(live('orders-cdc'), to)).toMatchObject({ kind: 'read' });
  });

  it('when only a part of it came', async () => {
    const monitoring = scripted('monitoring', {
      GetMetricData: () => ({
        MetricDataResults: [{ Id: 'm0', Timestamps: [], Values: [], StatusCode: 'InternalError' }],
      }),
    });
    expect(await (await start([monitoring])).rates(live('orders-cdc'), to)).toEqual({
      kind: 'unreadable',
      reason: 'GetMetricData: InternalError',
    });
  });

  it('when it never ends', async () => {
    const monitoring = scripted('monitoring', {
      GetMetricData: () => ({
        MetricDataResults: [{ Id: 'm0', Timestamps: [], Values: [], StatusCode: 'PartialData' }],
        NextToken: 'more',
      }),
    });
    expect(await (await start([monitoring])).rates(live('orders-cdc'), to)).toEqual({
      kind: 'unreadable',
      reason: 'GetMetricData: more than 5 pages',
    });
  });
});
