import { describe, expect, it } from 'vitest';
import { decide } from '../../recovery/decide.ts';
import type { Operation } from '../../recovery/connector.ts';
import type { RestartAct } from '../../recovery/journal.ts';
import { PortError } from '../../recovery/ports.ts';
import { ago, alarm, arn, journal, live, observation, policy, recovery, verdict } from './examples.ts';
import { World } from './world.ts';

const act = { kind: 'restart', intendedAt: ago(400), arn, onlyFailedTasks: false, endedAt: ago(399) } as const;
const cannot: RestartAct = { ...act, result: 'refused', reason: 'BadRequestException: not a newly created connector' };
const denied: RestartAct = {
  ...act,
  result: 'refused',
  denied: true,
  reason: 'AccessDeniedException: kafkaconnect:RestartConnector',
};
const lost: RestartAct = { ...act, result: 'not-carried-out', reason: 'its answer was lost, and no restart was seen' };
const done: RestartAct = { ...act, endedAt: ago(340), result: 'complete' };
/** Somebody's update, under way when the restart was asked for. */
const update: Operation = {
  arn: `${arn}/op`,
  type: 'UPDATE_CONNECTOR_CONFIGURATION',
  state: 'complete',
  startedAt: ago(450),
  endedAt: ago(390),
};

describe('a recreation follows a restart that was done or cannot be done, never one that only did not come about', () => {
  it.each([
    { what: 'refused by a version or a connector that cannot be restarted', acts: [cannot], decides: 'delete' },
    { what: 'refused for a missing right', acts: [denied], decides: 'gave-up', says: 'kafkaconnect:RestartConnector' },
    { what: 'its answer lost once', acts: [lost], decides: 'restart' },
    { what: 'its answer lost three times', acts: [lost, lost, lost], decides: 'gave-up', says: 'its answer was lost' },
    { what: 'lost, then refused by what cannot be restarted', acts: [lost, lost, lost, cannot], decides: 'delete' },
    { what: 'lost, then denied', acts: [lost, denied], decides: 'gave-up' },
    { what: 'refused while somebody updated it', acts: [cannot], operations: [update], decides: 'restart' },
    {
      what: 'refused three times, each while somebody updated it',
      acts: [cannot, cannot, cannot],
      operations: [update],
      decides: 'gave-up',
    },
    { what: 'refused under an ARN that is no more', acts: [{ ...cannot, arn: `${arn}-old` }], decides: 'restart' },
    { what: 'denied, and now FAILED, which no restart cures', acts: [denied], state: 'FAILED', decides: 'delete' },
    { what: 'done', acts: [done], decides: 'delete' },
    {
      what: 'denied after one that was done, where two are allowed',
      acts: [done, denied],
      twice: true,
      decides: 'gave-up',
    },
  ] as const)('$what: $decides', (row) => {
    const connector = live({
      state: 'state' in row ? row.state : 'RUNNING',
      operations: 'operations' in row ? row.operations : [],
    });
    const seen = observation({
      sighting: { kind: 'present', connector },
      verdict: verdict('dead', { silentSince: ago(900) }),
    });
    const { limits } = policy();
    const allowed = policy('twice' in row ? { limits: { ...limits, restartsPerRecovery: 2 } } : {});
    const decided = decide(seen, journal({ recovery: recovery(row.acts) }), allowed, alarm);
    expect(decided.kind === 'finish' ? decided.outcome.kind : decided.kind).toBe(row.decides);
    expect(decided.reason).toContain('says' in row ? row.says : '');
  });
});

describe('a whole recovery', () => {
  it.each([
    { what: 'is throttled', error: () => new PortError('throttled', 'slow down') },
    { what: 'is not answered', error: () => new PortError('unavailable', 'no answer') },
  ])('whose restart $what again and again: nothing is deleted, people are told, and it is tried later', async (row) => {
    const world = new World('dead');
    world.fault = (call, _count, when) => {
      if (call === 'restart' && when === 'before' && world.elapsed < 1500) throw row.error();
    };
    await world.invoke(alarm, policy());
    await world.sweepFor(policy(), 20);
    expect(world.accepted).toEqual([]);
    expect(world.subjects()).toEqual(['dead, and no remedy could be done: a person is needed']);
    world.pass(1800);
    await world.sweepFor(policy(), 5);
    expect(world.accepted).toEqual(['restart']);
    expect(world.subjects().at(-1)).toBe('back: restarted, and data flows again');
  });

  it('whose restart is denied: nothing is deleted, and people hear which right is missing', async () => {
    const world = new World('dead');
    world.restartRefused = {
      kind: 'refused',
      code: 'AccessDeniedException',
      reason: 'kafkaconnect:RestartConnector',
      denied: true,
    };
    await world.invoke(alarm, policy());
    await world.sweepFor(policy(), 20);
    expect(world.accepted).toEqual([]);
    expect(world.subjects()).toEqual(['dead, and no remedy could be done: a person is needed']);
    expect(world.told[0]?.message.text).toContain('AccessDeniedException: kafkaconnect:RestartConnector');
  });

  it.each([0, 30, 90])(
    'whose restart lost its answer and shows itself %i s later: it is done once',
    async (seconds) => {
      const world = new World('dead');
      let first = true;
      world.fault = (call, _count, when) => {
        if (call !== 'restart' || when !== 'before' || !first) return;
        first = false;
        world.after(seconds, () => void world.ports.connectors.restart(arn, { onlyFailedTasks: false }));
        throw new PortError('unavailable', 'timed out');
      };
      await world.invoke(alarm, policy());
      await world.sweepFor(policy(), 20);
      expect(world.accepted).toEqual(['restart']);
      expect(world.subjects()).toEqual(['back: restarted, and data flows again']);
    },
  );

  it('goes on to the recreation where the connector cannot be restarted', async () => {
    const world = new World('dead');
    world.cure = 'recreate';
    world.restartRefused = { kind: 'refused', code: 'BadRequestException', reason: 'not a newly created connector' };
    await world.invoke(alarm, policy());
    await world.sweepFor(policy(), 30);
    expect(world.accepted).toEqual(['delete', 'create']);
    expect(world.subjects()).toEqual(['back: recreated, and data flows again']);
  });
});
