import { describe, expect, it } from 'vitest';
import { ask, changed, lawfulRestart, ms, oldArn, verdictOn, without } from './records.ts';

const rule = '5: what somebody paused, updates or deletes is left alone';

function states(state: string, at: number) {
  return [
    { atMs: ms(0), arn: oldArn, state: 'RUNNING' },
    { atMs: ms(at), arn: oldArn, state },
  ];
}

describe('rule 5: what is in hands is left alone', () => {
  it.each(['PAUSED', 'UPDATING', 'DELETING'])('is broken where it was %s when it was looked at', (state) => {
    const calls = changed(lawfulRestart(), 'describe', ask.describe(300, state));
    expect(verdictOn({ calls, connector: { states: states(state, 200) } })).toContain(rule);
  });

  it('is kept where a person paused it between the look and the call', () => {
    expect(verdictOn({ calls: lawfulRestart(), connector: { states: states('PAUSED', 301.5) } })).not.toContain(rule);
  });

  it.each(['PENDING', 'UPDATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])('is broken where an operation is %s', (state) => {
    const calls = changed(lawfulRestart(), 'operations', ask.operations(300, state));
    expect(verdictOn({ calls })).toContain(rule);
  });

  it('is broken where nobody looked', () => {
    expect(verdictOn({ calls: without(lawfulRestart(), 'describe') })).toContain(rule);
  });

  it('is broken where the connector is not one of ours', () => {
    const arn = oldArn.replace('orders-cdc', 'somebody-else');
    const calls = changed(lawfulRestart(), 'restart', { input: { connectorArn: arn } });
    expect(verdictOn({ calls })).toContain('5: what is not ours is left alone');
  });
});
