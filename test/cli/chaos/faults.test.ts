import { describe, expect, it } from 'vitest';
import type { Befall, CallFault, History, Outage } from '../../../cli/chaos/history.ts';
import { judge } from '../../../cli/chaos/judge.ts';
import { dies, history, plan, restartable } from './examples.ts';

const fromTheStart = { atSeconds: 1 };
const atDeletion = { after: 'DeleteConnector', nth: 1, seconds: 0 };

function call(kind: CallFault['kind'], on: string, changes: Partial<CallFault> = {}): CallFault {
  return { kind, when: fromTheStart, on, skip: 0, times: 1, seconds: 20, ...changes };
}

function refuses(
  kind: Extract<Outage, { code: string }>['kind'],
  code: string,
  status: number,
  lastsSeconds = 90,
): Befall {
  const when = kind === 'creation-refused' ? atDeletion : fromTheStart;
  return { kind, when, lastsSeconds, code, status };
}

async function hitsOf(befalls: readonly Befall[], changes: Partial<History> = {}) {
  const { record, broken } = await judge(history(befalls, changes), 'direct');
  return { kinds: new Set(record.hits.map(({ kind }) => kind)), broken, record };
}

const old = { connectors: [plan()] };
const young = { connectors: [restartable] };

describe('each thing that can befall really hits, and the product keeps its rules', () => {
  it.each<[string, Befall, Partial<History>]>([
    ['dies-before', call('dies-before', 'DeleteConnector'), old],
    ['dies-during', call('dies-during', 'DeleteConnector'), old],
    ['dies-after', call('dies-after', 'CreateConnector'), old],
    ['falls-silent', call('falls-silent', 'RestartConnector'), young],
    ['answer-lost', call('answer-lost', 'CreateConnector'), old],
    ['timeout', call('timeout', 'DeleteConnector'), old],
    ['timeout-but-done', call('timeout-but-done', 'DeleteConnector'), old],
    ['acts-late', call('acts-late', 'RestartConnector', { seconds: 30 }), young],
    ['throttled', call('throttled', 'change', { times: 5 }), old],
    ['error-500', call('error-500', 'CreateConnector', { times: 2 }), old],
    ['error-500-but-done', call('error-500-but-done', 'CreateConnector'), old],
    ['error-503', call('error-503', 'read', { times: 3 }), old],
    ['pauses-before', call('pauses-before', 'RestartConnector', { seconds: 130 }), young],
    ['pauses-after', call('pauses-after', 'PutObject', { skip: 6, seconds: 130 }), old],
    ['slow', call('slow', 'GetMetricData', { seconds: 5 }), old],
    ['creation-refused', refuses('creation-refused', 'ForbiddenException', 403), old],
    ['deletion-refused', refuses('deletion-refused', 'BadRequestException', 400, 600), old],
    ['restart-refused', refuses('restart-refused', 'BadRequestException', 400, 600), young],
    ['s3-refuses', refuses('s3-refuses', 'AccessDenied', 403), old],
    ['s3-unavailable', refuses('s3-unavailable', 'SlowDown', 503), old],
    ['sns-refuses', refuses('sns-refuses', 'AuthorizationError', 403, 600), old],
    ['sns-unavailable', refuses('sns-unavailable', 'InternalFailure', 500, 600), old],
    ['connect-unavailable', refuses('connect-unavailable', 'ServiceUnavailableException', 503), old],
    ['connect-throttles', refuses('connect-throttles', 'TooManyRequestsException', 429), old],
    ['signs-unreadable', refuses('signs-unreadable', 'AccessDeniedException', 403, 600), old],
    [
      'stale-reads',
      { kind: 'stale-reads', when: atDeletion, lastsSeconds: 120, on: 'ListConnectors', seconds: 40 },
      old,
    ],
    ['sweep-off', { kind: 'sweep-off', when: fromTheStart, lastsSeconds: 200 }, old],
    ['deletion-hangs', { kind: 'deletion-hangs', when: fromTheStart, lastsSeconds: 800, seconds: 300 }, old],
    ['metrics-missing', { kind: 'metrics-missing', when: { atSeconds: 90 }, lastsSeconds: 120, connector: 0 }, old],
    ['comes-up-failed', { kind: 'comes-up', connector: 0, nth: 1, as: 'failed' }, old],
    ['comes-up-dead', { kind: 'comes-up', connector: 0, nth: 1, as: 'dead' }, old],
    ['comes-up-unreachable', { kind: 'comes-up', connector: 0, nth: 1, as: 'unreachable' }, old],
    ['comes-up-slow', { kind: 'comes-up', connector: 0, nth: 1, as: 'slow' }, old],
    ['person-deletes', { kind: 'person-deletes', when: { atSeconds: 200 }, connector: 0, seconds: 60 }, old],
    ['person-pauses', { kind: 'person-pauses', when: { atSeconds: 200 }, connector: 0, seconds: 60 }, old],
    ['person-updates', { kind: 'person-updates', when: { atSeconds: 200 }, connector: 0, seconds: 60 }, old],
    ['person-recreates', { kind: 'person-recreates', when: atDeletion, connector: 0, seconds: 300 }, old],
    ['own-operation', { kind: 'own-operation', when: { atSeconds: 200 }, connector: 0, seconds: 90 }, old],
    ['journal-cut', { kind: 'journal-cut', when: atDeletion, connector: 0 }, old],
    ['journal-gone', { kind: 'journal-gone', when: atDeletion, connector: 0 }, old],
    ['journal-from-older-version', { kind: 'journal-from-older-version', when: atDeletion, connector: 0 }, old],
    ['backup-gone', { kind: 'backup-gone', when: atDeletion, connector: 0 }, old],
    ['saved-changed', { kind: 'saved-changed', when: { atSeconds: 200 }, connector: 0 }, old],
    ['saved-gone', { kind: 'saved-gone', when: { atSeconds: 200 }, connector: 0 }, old],
    ['saved-broken', { kind: 'saved-broken', when: { atSeconds: 200 }, connector: 0 }, old],
    ['looks-at-once', { kind: 'looks-at-once', when: { atSeconds: 200 }, connector: 0, times: 3 }, old],
    ['person-hold', { kind: 'person-says', when: { atSeconds: 100 }, connector: 0, says: 'hold' }, old],
  ])('%s', async (kind, befall, changes) => {
    const { kinds, broken } = await hitsOf([befall], changes);
    expect([...kinds]).toContain(kind);
    expect(broken).toEqual([]);
  });

  const alarm = dies[1] as Extract<Befall, { kind: 'alarm' }>;
  it.each<[string, Partial<typeof alarm>]>([
    ['alarm-storm', { times: 12 }],
    ['event-late', { lateSeconds: 300 }],
    ['event-doubled', { copies: 2 }],
    ['events-reordered', { reordered: true }],
  ])('%s', async (kind, changes) => {
    const { kinds, broken } = await hitsOf([{ ...alarm, ...changes }]);
    expect([...kinds]).toContain(kind);
    expect(broken).toEqual([]);
  });

  it('person-resumes what a person paused', async () => {
    const { record } = await hitsOf([
      { kind: 'person-pauses', when: { atSeconds: 10 }, connector: 0, seconds: 0 },
      { kind: 'person-resumes', when: { atSeconds: 100 }, connector: 0, seconds: 60 },
    ]);
    expect(record.connectors['orders-cdc']?.persons.map(({ did, accepted }) => [did, accepted])).toEqual([
      ['person-pauses', true],
      ['person-resumes', true],
    ]);
  });

  it('clocks-apart: each process of the function has its own time', async () => {
    const { record } = await hitsOf([call('dies-before', 'DeleteConnector')], { clockSpreadSeconds: 4 });
    expect(new Set(record.invocations.map(({ clockAheadMs }) => clockAheadMs)).size).toBeGreaterThan(1);
  });
});

describe('what a fault does to a call', () => {
  it('a process that dies before it does nothing, and one that dies during it never hears', async () => {
    const before = await hitsOf([call('dies-before', 'DeleteConnector')]);
    const during = await hitsOf([call('dies-during', 'DeleteConnector')]);
    const first = ({ record }: typeof before) => {
      const { carriedOut, answered, fault } =
        record.calls.find(({ operation }) => operation === 'DeleteConnector') ?? {};
      return { carriedOut, answered, fault };
    };
    expect(first(before)).toEqual({ carriedOut: false, answered: false, fault: 'dies-before' });
    expect(first(during)).toEqual({ carriedOut: true, answered: false, fault: 'dies-during' });
    expect(during.record.invocations.filter(({ ended }) => ended === 'died')).toHaveLength(1);
  });

  it('a process that falls silent lasts until its time is up', async () => {
    const { record } = await hitsOf([call('falls-silent', 'DeleteConnector')]);
    const silent = record.invocations.find(({ ended }) => ended === 'timed-out');
    expect((silent?.endMs ?? 0) - (silent?.startMs ?? 0)).toBe(900_000);
  });

  it('a call that its process slept over says when it was let go', async () => {
    const { record } = await hitsOf([call('pauses-before', 'RestartConnector', { seconds: 130 })], young);
    const late = record.calls.find(({ fault }) => fault === 'pauses-before');
    expect((late?.atMs ?? 0) - (late?.sent?.atMs ?? 0)).toBe(130_001);
  });
});
