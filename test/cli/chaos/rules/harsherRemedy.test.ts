import { describe, expect, it } from 'vitest';
import { ask, changed, lawfulRecreation, lawfulRestart, ms, oldArn, verdictOn } from './records.ts';

const tooSoon = '8: nothing harsher before the time in which it heals by itself';
const stale = '8: a harsher remedy follows only on evidence newer than the last act';

function restartedBy(endedAt: number) {
  const at = (seconds: number, state: string) => ({ atMs: ms(seconds), arn: oldArn, state });
  return { states: [at(0, 'RUNNING'), at(32, 'RESTARTING'), at(endedAt, 'RUNNING'), at(304, 'DELETING')] };
}

const both = [...lawfulRestart(30), ...lawfulRecreation()];

describe('rule 8: a deletion gives the restart before it its time', () => {
  it('is kept after the heal time, on evidence that is newer', () => {
    expect(verdictOn({ calls: both, connector: restartedBy(60) })).toEqual([]);
  });

  it('is broken a minute after the restart ended', () => {
    expect(verdictOn({ calls: both, connector: restartedBy(244) })).toContain(tooSoon);
  });

  it('is broken where all that was seen is older than the restart', () => {
    const calls = [...lawfulRestart(30), ...changed(lawfulRecreation(), 'metrics', ask.metrics(300, 20))];
    expect(verdictOn({ calls, connector: restartedBy(60) })).toEqual([stale]);
  });

  it('holds on 2.7.1 too, where a restart leaves the tasks as they are', () => {
    const calls = [...lawfulRestart(30), ...changed(lawfulRecreation(), 'metrics', ask.metrics(300, 20))];
    expect(verdictOn({ calls, connector: restartedBy(60), plan: { connectVersion: '2.7.1' } })).toContain(stale);
  });
});
