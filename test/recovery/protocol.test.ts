import { describe, expect, it } from 'vitest';
import type { Policy } from '../../recovery/policy.ts';
import { policy } from './examples.ts';
import { search } from './protocolSearch.ts';
import type { Bounds, Search } from './protocolSearch.ts';
import { shortPolicy } from './protocolWorld.ts';

/**
 * The protocol of lease, journal and backup, checked exhaustively: the real loop of two invocations, each stopped at each of its calls, in every
 * order that a scheduler can choose; then a third one, which the sweep calls as it really would, finishes. In every history:
 * no two invocations have an act under way at once, every act stands in the stored journal when the service takes it, nothing is deleted without an
 * open backup, nothing is created beside a living one (the service of this world would allow it), and in the end the connector runs, created as
 * often as it was deleted, with its recovery finished and its backup closed.
 *
 * What is bounded: how many processes die, calls are lost and reads fail in one history, and how often everybody stands still for longer than
 * a lease (see the table); an act and a backup that were sent arrive before a lease can end, or never do (the client gives up after 10 s,
 * a lease lasts 90 s); calls take no time otherwise; one connector, one death. A state that was met before is not gone on from.
 */
const none: Bounds = { crashes: 0, losses: 0, unread: 0, pauses: 0 };
const cases: readonly (Omit<Search, 'policy'> & {
  readonly what: string;
  readonly remedies: Policy['remedies'];
  readonly leastStates: number;
})[] = [
  {
    what: 'a recreation, both processes may die, a lease may end at any moment',
    remedies: ['recreate'],
    cure: 'recreation',
    bounds: { ...none, crashes: 2, pauses: 1 },
    secondBegins: 'at any moment',
    budgetSeconds: 480,
    leastStates: 2_000,
  },
  {
    what: 'a recreation, a call is lost, a process dies',
    remedies: ['recreate'],
    cure: 'recreation',
    bounds: { ...none, crashes: 1, losses: 1 },
    secondBegins: 'at any moment',
    budgetSeconds: 480,
    leastStates: 2_000,
  },
  {
    what: 'a recreation, a read fails, a process dies',
    remedies: ['recreate'],
    cure: 'recreation',
    bounds: { ...none, crashes: 1, unread: 1 },
    secondBegins: 'at any moment',
    budgetSeconds: 480,
    leastStates: 2_000,
  },
  {
    what: 'a recreation, a call is lost, a lease may end at any moment',
    remedies: ['recreate'],
    cure: 'recreation',
    bounds: { ...none, losses: 1, pauses: 1 },
    secondBegins: 'after a pause',
    budgetSeconds: 180,
    leastStates: 10_000,
  },
  {
    what: 'a restart that helps, both processes may die, a lease may end at any moment',
    remedies: ['restart', 'recreate'],
    cure: 'restart',
    bounds: { ...none, crashes: 2, pauses: 1 },
    secondBegins: 'at any moment',
    budgetSeconds: 480,
    leastStates: 2_000,
  },
  {
    what: 'a restart that does not help and a recreation, a process dies, a lease may end at any moment',
    remedies: ['restart', 'recreate'],
    cure: 'recreation',
    bounds: { ...none, crashes: 1, pauses: 1 },
    secondBegins: 'at any moment',
    budgetSeconds: 480,
    leastStates: 2_000,
  },
];

describe('lease, journal and backup, in every order of two invocations', () => {
  it.each(cases)(
    '$what',
    async ({ what, remedies, leastStates, ...rest }) => {
      const { histories, states, steps, ends, broken } = await search({
        ...rest,
        policy: shortPolicy(remedies, policy()),
      });
      console.log(`${what}: ${histories} histories, ${states} states, ${steps} steps, ${ends} ends for the sweep`);
      expect(broken).toBeUndefined();
      expect(states).toBeGreaterThan(leastStates);
    },
    60_000,
  );
});
