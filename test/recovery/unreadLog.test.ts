import { describe, expect, it } from 'vitest';
import { decide } from '../../recovery/decide.ts';
import { diagnose } from '../../recovery/diagnose.ts';
import type { LogSigns, Signs } from '../../recovery/signs.ts';
import type { Trigger } from '../../recovery/trigger.ts';
import { alarm, ago, journal, live, log, minutes, observation, person, policy, signs, steady } from './examples.ts';

/** Nothing has moved for so many minutes, and the source was heard last then. */
function silence(forMinutes: number, read: LogSigns): Signs {
  return signs({
    recordsIn: minutes([2, 2, ...Array.from({ length: forMinutes }, () => 0)]),
    msSinceLastEvent: minutes([0, 0, ...Array.from({ length: forMinutes }, (_, index) => index * 60_000)]),
    log: read,
  });
}

const unreadable: LogSigns = { kind: 'unreadable', reason: 'FilterLogEvents: throttled' };
const onlyRecreation = policy({ remedies: ['recreate'], connectVersion: '2.7.1' });

function decided(seen: Signs, trigger: Trigger = alarm, allowed = onlyRecreation) {
  const verdict = diagnose(live(), seen, allowed, undefined);
  expect(verdict.kind).toBe('dead');
  return decide(observation({ verdict }), journal(), allowed, trigger);
}

describe('a deletion whose forbidding lines may be unread', () => {
  it.each([
    { what: 'the log was read whole', seen: silence(6, log({ newestLineAgo: 5 })), does: 'delete' },
    { what: 'nobody delivers a log', seen: silence(6, { kind: 'not-watched', cure: 'x' }), does: 'delete' },
    {
      what: 'too long a log, read back for five minutes',
      seen: silence(6, log({ newestLineAgo: 5, complete: false, wholeSinceAgo: 300 })),
      does: 'delete',
    },
    {
      what: 'too long a log, read back for two minutes: looked again',
      seen: silence(6, log({ newestLineAgo: 5, complete: false, wholeSinceAgo: 120 })),
      does: 'wait',
    },
    {
      what: 'too long a log, its newest lines unread',
      seen: silence(6, log({ newestLineAgo: 5, complete: false })),
      does: 'wait',
    },
    { what: 'a log that cannot be read now', seen: silence(6, unreadable), does: 'wait' },
    {
      what: 'a log that cannot be read, silent for twelve minutes: told',
      seen: silence(12, unreadable),
      does: 'refused',
    },
  ])('$what: $does', ({ seen, does }) => {
    const decision = decided(seen);
    expect(decision.kind === 'finish' ? decision.outcome.kind : decision.kind).toBe(does);
  });

  it('says why, and how a person does it all the same', () => {
    expect(decided(silence(12, unreadable))).toMatchObject({
      outcome: {
        objections: ['unread'],
        reason:
          'It is not deleted, for its log could not be read (FilterLogEvents: throttled), and lines in it may say that its source is away.',
        lifts: [{ says: 'Recreate it all the same', input: { connector: 'orders-cdc', remedy: 'recreate' } }],
      },
    });
    expect(decided(silence(12, unreadable), person('recreate')).kind).toBe('delete');
  });

  it('is no reason to forbid a restart', () => {
    expect(decided(silence(12, unreadable), alarm, policy()).kind).toBe('restart');
  });

  it('of a task in error is one until its last words were read', () => {
    const errored = (wholeSinceAgo: number) =>
      signs({
        erroredTasks: minutes([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
        runningTasks: steady(0, 10),
        log: log({ newestLineAgo: 5, complete: false, wholeSinceAgo }),
      });
    const unread = (wholeSinceAgo: number) =>
      diagnose(live(), errored(wholeSinceAgo), onlyRecreation, undefined).unread;
    expect(unread(300)).toBe(`its log is too long to be read back to ${ago(660)}`);
    expect(unread(700)).toBeUndefined();
  });

  it('an absence counts from where the log was read on', () => {
    const seen = signs({
      log: log({ newestLineAgo: 5, complete: false, wholeSinceAgo: 300 }),
      msSinceLastEvent: steady(20_000),
    });
    const [commits] = diagnose(live(), seen, policy(), undefined).evidence;
    expect(commits).toMatchObject({ seen: 'no offset commit in the log for 5 min', says: 'silent' });
  });
});
