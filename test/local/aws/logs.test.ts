import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleAccount } from '../../../local/aws/account.ts';
import { filterPattern } from '../../../local/aws/filterPattern.ts';
import { LocalLogs } from '../../../local/aws/logs.ts';
import type { EmittedMetric } from '../../../local/aws/metricFilters.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';

const line =
  '[Worker-0ed] [2026-11-21 04:00:00,516] INFO [orders-cdc|task-0|offsets] WorkerSourceTask{id=orders-cdc-0} ' +
  'Committing offsets for 12 acknowledged messages (org.apache.kafka.connect.runtime.WorkerSourceTask:485)';

describe('a filter pattern', () => {
  it.each([
    ['', true],
    ['"Committing offsets for" "acknowledged messages"', true],
    ['"Committing offsets for" "acknowledged messages" -"for 0 acknowledged"', true],
    ['"Committing offsets for" -"for 12 acknowledged"', false],
    ['"[orders-cdc|task-"', true],
    ['"[orders|task-"', false],
    ['"[orders-cdc|task-" INFO', true],
    ['"committing offsets"', false],
    ['?ERROR ?INFO', true],
    ['?ERROR ?WARN', false],
    // "If you combine ? with other terms, they are ignored."
    ['INFO ?ERROR', true],
    ['-ERROR', true],
    ['-INFO', false],
  ])('%s takes the line: %s', (pattern, expected) => {
    expect(filterPattern(pattern)(line)).toBe(expected);
  });

  it('reads escaped quotes', () => {
    expect(filterPattern(String.raw`"say \"no\""`)('they say "no"')).toBe(true);
  });

  it.each(['"open', '{ $.level = "ERROR" }', '[a, b]', '%ERR.R%'])('%s is refused', (pattern) => {
    expect(() => filterPattern(pattern)).toThrow('Invalid filter pattern');
  });
});

let clock: VirtualClock;
let emitted: EmittedMetric[];
let logs: LocalLogs;

beforeEach(async () => {
  clock = new VirtualClock(Date.parse('2026-11-21T04:00:00.000Z'));
  emitted = [];
  logs = new LocalLogs({
    clock,
    account: exampleAccount,
    emit: (metric) => emitted.push(metric),
    scannedPerPage: 3,
  });
  await logs.call('CreateLogGroup', { logGroupName: '/connect' });
});
afterEach(() => logs.close());

async function filter(input: object) {
  const answer = await logs.call('FilterLogEvents', { logGroupName: '/connect', ...input });
  return {
    messages: (answer['events'] as { message: string }[]).map(({ message }) => message),
    nextToken: answer['nextToken'],
  };
}

describe('FilterLogEvents', () => {
  it('shows a line two seconds after it was written', async () => {
    logs.write('/connect', 'worker', 'one');
    await clock.advanceBy(1_900);
    expect(await filter({})).toEqual({ messages: [], nextToken: undefined });
    await clock.advanceBy(100);
    expect(await filter({})).toEqual({ messages: ['one'], nextToken: undefined });
  });

  it('answers an empty page with a token when it has looked at enough lines', async () => {
    for (const text of ['noise', 'noise', 'noise', 'noise', 'the one']) logs.write('/connect', 'worker', text);
    await clock.advanceBy(2_000);
    const first = await filter({ filterPattern: '"the one"' });
    expect(first).toEqual({ messages: [], nextToken: expect.any(String) });
    expect(await filter({ filterPattern: '"the one"', nextToken: first.nextToken })).toEqual({
      messages: ['the one'],
      nextToken: undefined,
    });
  });

  it('pages by limit without losing or doubling a line of the same millisecond', async () => {
    for (const text of ['a', 'b', 'c']) logs.write('/connect', 'worker', text);
    await clock.advanceBy(2_000);
    const first = await filter({ limit: 2 });
    expect(first.messages).toEqual(['a', 'b']);
    expect(await filter({ limit: 2, nextToken: first.nextToken })).toEqual({ messages: ['c'], nextToken: undefined });
  });

  it('takes start and end as part of the window', async () => {
    for (const text of ['at 0', 'at 10', 'at 20']) {
      logs.write('/connect', 'worker', text);
      await clock.advanceBy(10_000);
    }
    const startTime = Date.parse('2026-11-21T04:00:10.000Z');
    expect((await filter({ startTime, endTime: startTime })).messages).toEqual(['at 10']);
    expect((await filter({ startTime })).messages).toEqual(['at 10', 'at 20']);
  });

  it('knows no group that was not created, and loses its lines', async () => {
    logs.write('/other', 'worker', 'lost');
    await expect(logs.call('FilterLogEvents', { logGroupName: '/other' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      status: 400,
    });
  });
});

describe('a metric filter', () => {
  const commits = {
    logGroupName: '/connect',
    filterName: 'commits',
    filterPattern: '"Committing offsets for"',
    metricTransformations: [{ metricNamespace: 'ConnectorRecovery', metricName: 'commits', metricValue: '1' }],
  };
  const withDefault = {
    ...commits,
    metricTransformations: [{ ...commits.metricTransformations[0], defaultValue: 0 }],
  };
  const value = (amount: number, at: string) => ({
    namespace: 'ConnectorRecovery',
    name: 'commits',
    dimensions: {},
    value: amount,
    atMs: Date.parse(at),
  });

  it('sends a value for each matching line, at the line’s own time', async () => {
    await logs.call('PutMetricFilter', commits);
    await clock.advanceBy(7_000);
    logs.write('/connect', 'worker', line);
    logs.write('/connect', 'worker', 'something else');
    await clock.advanceBy(120_000);
    expect(emitted).toEqual([value(1, '2026-11-21T04:00:07.000Z')]);
  });

  it('does not see what came before it', async () => {
    logs.write('/connect', 'worker', line);
    await logs.call('PutMetricFilter', commits);
    await clock.advanceBy(120_000);
    expect(emitted).toEqual([]);
  });

  it('sends its default for a minute with lines of which none matched, and nothing for a silent minute', async () => {
    await logs.call('PutMetricFilter', withDefault);
    logs.write('/connect', 'worker', 'something else');
    logs.write('/connect', 'worker', 'and more');
    await clock.advanceBy(60_000);
    logs.write('/connect', 'worker', 'noise');
    logs.write('/connect', 'worker', line);
    await clock.advanceBy(300_000);
    expect(emitted).toEqual([value(0, '2026-11-21T04:00:00.000Z'), value(1, '2026-11-21T04:01:00.000Z')]);
  });

  it('is described, and refused with dimensions', async () => {
    await logs.call('PutMetricFilter', withDefault);
    expect(await logs.call('DescribeMetricFilters', { logGroupName: '/connect' })).toMatchObject({
      metricFilters: [{ filterName: 'commits', filterPattern: '"Committing offsets for"', logGroupName: '/connect' }],
    });
    const dimensions = { metricTransformations: [{ ...commits.metricTransformations[0], dimensions: { a: '$.a' } }] };
    await expect(logs.call('PutMetricFilter', { ...commits, ...dimensions })).rejects.toMatchObject({
      code: 'InvalidParameterException',
    });
  });
});
