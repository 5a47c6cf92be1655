import { describe, expect, it } from 'vitest';
import type { Truth } from '../../../../cli/chaos/record.ts';
import { lawfulRecreation, lawfulRestart, ms, oldArn, recordOf, verdictOn } from './records.ts';

const rule = '6: a connector that shows signs of life is not touched';

function truth(...spans: readonly (readonly [number, Truth])[]) {
  return { truth: spans.map(([at, is]) => ({ fromMs: ms(at), arn: oldArn, is })) };
}

describe('rule 6: the living are not touched', () => {
  it.each([
    ['has flowed all the time', truth([0, 'flowing'])],
    ['has been idle for five minutes', truth([-500, 'dead'], [0, 'idle'])],
  ])('is broken where it %s', (_what, connector) => {
    expect(verdictOn({ calls: lawfulRestart(), connector })).toContain(rule);
  });

  it.each([
    ['is dead', truth([0, 'flowing'], [100, 'dead'])],
    ['came back two minutes ago, which nobody can see yet', truth([0, 'dead'], [180, 'flowing'])],
  ])('is kept where it %s', (_what, connector) => {
    expect(verdictOn({ calls: lawfulRestart(), connector })).not.toContain(rule);
  });

  it('is broken where what a restart brought back is deleted two minutes later', () => {
    const calls = [...lawfulRestart(100), ...lawfulRecreation()];
    expect(verdictOn({ calls, connector: truth([0, 'dead'], [120, 'flowing']) })).toContain(rule);
  });

  it.each([
    ['the schedule', { source: 'connector-recovery.schedule', connector: 'orders-cdc' }],
    ['a person', { connector: 'orders-cdc', remedy: 'restart' }],
  ])('is kept where %s asked for it', (_who, event) => {
    const calls = lawfulRestart();
    const invocations = recordOf({ calls }).invocations.map((one) => ({ ...one, event }));
    expect(verdictOn({ calls, connector: truth([0, 'flowing']), record: { invocations } })).not.toContain(rule);
  });

  it('is broken where a person asked for another connector', () => {
    const calls = lawfulRestart();
    const event = { connector: 'customers-cdc', remedy: 'restart' };
    const invocations = recordOf({ calls }).invocations.map((one) => ({ ...one, event }));
    expect(verdictOn({ calls, connector: truth([0, 'flowing']), record: { invocations } })).toContain(rule);
  });
});
