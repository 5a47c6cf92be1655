import { describe, expect, it } from 'vitest';
import type { Stage } from '../../../cli/demonstration/stage.ts';
import type { Moment } from '../../../cli/demonstration/story.ts';
import { Watch } from '../../../cli/demonstration/watch.ts';

const second = 1000;

/** A stage of which each value can be set by hand. */
function handmadeStage() {
  const now = { atMs: 0, arrived: 0, state: 'RUNNING', alarm: 'OK', log: [] as object[] };
  const answers: Readonly<Record<string, () => object>> = {
    DescribeAlarms: () => ({ MetricAlarms: [{ AlarmName: 'stack/orders-cdc/event-clock', StateValue: now.alarm }] }),
    FilterLogEvents: () => ({
      events: now.log.map((line, index) => ({
        eventId: String(index),
        message: JSON.stringify(line),
        timestamp: now.atMs,
      })),
    }),
    ListConnectors: () => ({ connectors: [{ connectorName: 'orders-cdc', connectorState: now.state }] }),
  };
  const service = { call: (operation: string) => Promise.resolve(answers[operation]?.()), inbox: () => [] };
  const stage: Stage = {
    clock: { now: () => now.atMs },
    aws: { cloudwatch: service, logs: service, connect: service, s3: service, sns: service } as unknown as Stage['aws'],
    stackName: 'stack',
    bucket: 'bucket',
    functionLogGroup: '/aws/lambda/recovery',
    rows: () => Promise.resolve({ written: now.arrived, arrived: now.arrived, duplicated: 0, lost: 0, waiting: 0 }),
    strike: () => undefined,
  };
  const told: Moment[] = [];
  const watch = new Watch(stage, [{ name: 'orders-cdc' }], (moment) => told.push(moment));
  return {
    watch,
    told,
    at: async (seconds: number, change: Partial<Omit<typeof now, 'atMs'>>) => {
      Object.assign(now, change, { atMs: seconds * second });
      await watch.poll();
    },
  };
}

const decided = { event: 'decided.restart', connector: 'orders-cdc', verdict: 'dead', reason: 'no sign of life' };

describe('a spectator', () => {
  it('does not take rows that were on their way for rows that flow again', async () => {
    const { watch, told, at } = handmadeStage();
    await at(0, { arrived: 100 });
    watch.silent('orders-cdc', 'hangs');
    await at(1, { arrived: 103 });
    await at(200, { alarm: 'ALARM', log: [decided] });
    await at(201, { state: 'RESTARTING' });
    await at(202, { state: 'RUNNING' });
    expect(watch.fate('orders-cdc').milestones.rowsAtMs).toBeUndefined();
    await at(218, { arrived: 320 });
    expect(watch.fate('orders-cdc').milestones).toEqual({
      silentAtMs: 0,
      alarmAtMs: 200 * second,
      decidedAtMs: 200 * second,
      actEndedAtMs: 202 * second,
      rowsAtMs: 218 * second,
    });
    watch.tellUntil(218 * second);
    expect(told.at(-1)?.text).toBe('rows arrive again, 217 that had waited first');
  });

  it('tells what happened in the order of its time', async () => {
    const { watch, told, at } = handmadeStage();
    watch.silent('orders-cdc', 'hangs');
    await at(200, { alarm: 'ALARM', log: [decided] });
    await at(201, { state: 'RESTARTING' });
    watch.tellUntil(201 * second);
    expect(told.map(({ atMs, actor, text }) => [atMs / second, actor, text])).toEqual([
      [0, 'connector', 'hangs'],
      [200, 'CloudWatch', 'ALARM event-clock: '],
      [200, 'Lambda', 'verdict dead; decides: restart. no sign of life'],
      [201, 'MSK Connect', 'is RESTARTING'],
    ]);
  });
});
