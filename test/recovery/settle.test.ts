import { describe, expect, it } from 'vitest';
import type { LiveConnector } from '../../recovery/connector.ts';
import type { Act } from '../../recovery/journal.ts';
import { settle } from '../../recovery/settle.ts';
import { ago, arn, at, live, policy, recovery, request } from './examples.ts';

const newArn = arn.replace('000000000001', '000000000002');
const restart = { kind: 'restart', intendedAt: ago(59), arn, onlyFailedTasks: false } as const;
const deletion = { kind: 'delete', intendedAt: ago(59), arn, version: 'V1', recreateFrom: request() } as const;
const stored = { ...deletion, backup: 's3://bucket/backups/r-1.json' } as const;
const gone = { ...stored, endedAt: ago(30), result: 'gone' } as const;
const lost = {
  ...stored,
  intendedAt: ago(200),
  endedAt: ago(140),
  result: 'not-carried-out',
  reason: 'x',
  backupClosedAt: ago(139),
} as const;
const creation = { kind: 'create', intendedAt: ago(59), request: request() } as const;
const operation = { arn: 'op', type: 'RESTART_CONNECTOR', startedAt: ago(50) } as const;
const done = { ...operation, state: 'complete', endedAt: ago(10) } as const;

interface Row {
  readonly what: string;
  readonly acts: readonly Act[];
  /** `undefined`: the connector does not exist. */
  readonly live?: Partial<LiveConnector>;
  /** The last act's kind and result. */
  readonly last: string;
}

function settled(row: Row) {
  const sighting =
    row.live === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'present', connector: live(row.live) } as const);
  return settle(recovery(row.acts), sighting, at(0), policy());
}

const rows: readonly Row[] = [
  {
    what: 'a restart whose operation runs',
    acts: [{ ...restart, operationArn: 'op' }],
    live: { operations: [{ ...operation, state: 'in-progress' }] },
    last: 'restart undefined',
  },
  {
    what: 'a restart whose operation is over',
    acts: [{ ...restart, operationArn: 'op' }],
    live: { operations: [done] },
    last: 'restart complete',
  },
  {
    what: 'a restart whose operation failed',
    acts: [{ ...restart, operationArn: 'op' }],
    live: { operations: [{ ...done, state: 'failed' }] },
    last: 'restart failed',
  },
  {
    what: 'a restart without an answer that is seen',
    acts: [restart],
    live: { operations: [done] },
    last: 'restart complete',
  },
  { what: 'a restart without an answer, not seen for 59 s', acts: [restart], live: {}, last: 'restart undefined' },
  {
    what: 'a restart without an answer, not seen for 60 s',
    acts: [{ ...restart, intendedAt: ago(60) }],
    live: {},
    last: 'restart not-carried-out',
  },
  {
    what: 'somebody’s restart of an hour ago is not ours',
    acts: [{ ...restart, intendedAt: ago(60) }],
    live: { operations: [{ ...done, startedAt: ago(3600) }] },
    last: 'restart not-carried-out',
  },
  {
    what: 'RESTARTING, whatever the list of operations says',
    acts: [{ ...restart, intendedAt: ago(599) }],
    live: { state: 'RESTARTING' },
    last: 'restart undefined',
  },
  {
    what: 'RESTARTING for ten minutes',
    acts: [{ ...restart, intendedAt: ago(600) }],
    live: { state: 'RESTARTING' },
    last: 'restart timed-out',
  },
  { what: 'a restart of a connector that is gone', acts: [restart], last: 'restart failed' },
  {
    what: 'a restart of a connector that was replaced',
    acts: [restart],
    live: { arn: newArn },
    last: 'restart failed',
  },
  {
    what: 'a restart that is over stays over',
    acts: [{ ...restart, endedAt: ago(9), result: 'complete' }],
    last: 'restart complete',
  },

  { what: 'a deletion, and it is gone', acts: [stored], last: 'delete gone' },
  {
    what: 'DELETING',
    acts: [{ ...stored, intendedAt: ago(9000) }],
    live: { state: 'DELETING' },
    last: 'delete undefined',
  },
  { what: 'still RUNNING after 59 s', acts: [stored], live: {}, last: 'delete undefined' },
  {
    what: 'still RUNNING after 60 s',
    acts: [{ ...stored, intendedAt: ago(60) }],
    live: {},
    last: 'delete not-carried-out',
  },
  {
    what: 'there under another ARN: created again',
    acts: [stored],
    live: { arn: newArn, state: 'CREATING' },
    last: 'create undefined',
  },
  { what: 'there and RUNNING under another ARN', acts: [gone], live: { arn: newArn }, last: 'create running' },
  {
    what: 'gone for a moment, and DELETING after all',
    acts: [gone],
    live: { state: 'DELETING' },
    last: 'delete undefined',
  },
  {
    what: 'gone for a moment, and RUNNING after all',
    acts: [{ ...gone, intendedAt: ago(300) }],
    live: {},
    last: 'delete not-carried-out',
  },
  { what: 'a lost deletion that acts late', acts: [lost], live: { state: 'DELETING' }, last: 'delete undefined' },
  { what: 'a lost deletion that acted late', acts: [lost], last: 'delete gone' },
  {
    what: 'a lost deletion that acts late beside one that was refused',
    acts: [lost, { ...stored, endedAt: ago(20), result: 'refused' }],
    live: { state: 'DELETING' },
    last: 'delete undefined',
  },
  {
    what: 'a deletion that was refused, and somebody deletes',
    acts: [{ ...stored, endedAt: ago(20), result: 'refused' }],
    live: { state: 'DELETING' },
    last: 'delete refused',
  },
  {
    what: 'a deletion that died before its backup was stored, and somebody deleted',
    acts: [{ ...deletion, endedAt: ago(20), result: 'not-carried-out' }],
    last: 'delete not-carried-out',
  },
  { what: 'a lost deletion of a connector that runs', acts: [lost], live: {}, last: 'delete not-carried-out' },

  { what: 'a creation that is not seen for 59 s', acts: [gone, creation], last: 'create undefined' },
  {
    what: 'a creation that is not seen for 60 s',
    acts: [gone, { ...creation, intendedAt: ago(60) }],
    last: 'create vanished',
  },
  {
    what: 'a creation that was promised, not seen for 599 s',
    acts: [gone, { ...creation, arn: newArn, intendedAt: ago(599) }],
    last: 'create undefined',
  },
  {
    what: 'a creation that was promised, not seen for 600 s',
    acts: [gone, { ...creation, arn: newArn, intendedAt: ago(600) }],
    last: 'create vanished',
  },
  { what: 'CREATING', acts: [gone, creation], live: { arn: newArn, state: 'CREATING' }, last: 'create undefined' },
  { what: 'RUNNING', acts: [gone, creation], live: { arn: newArn }, last: 'create running' },
  { what: 'FAILED', acts: [gone, creation], live: { arn: newArn, state: 'FAILED' }, last: 'create failed' },
  { what: 'seen and then not', acts: [gone, { ...creation, arn: newArn, seenAt: ago(60) }], last: 'create vanished' },
  {
    what: 'the old one under its ARN is not the new one',
    acts: [gone, creation],
    live: { state: 'DELETING' },
    last: 'create undefined',
  },
  {
    what: 'the old one is not the new one after a refusal either',
    acts: [gone, { ...creation, endedAt: ago(9), result: 'refused' }],
    live: { state: 'DELETING' },
    last: 'create refused',
  },
  {
    what: 'refused, and somebody created it',
    acts: [gone, { ...creation, endedAt: ago(9), result: 'refused' }],
    live: { arn: newArn },
    last: 'create running',
  },
];

describe('what became of the last act', () => {
  it.each(rows)('$what: $last', (row) => {
    const last = settled(row).acts.at(-1);
    expect(`${last?.kind} ${last?.result}`).toBe(row.last);
  });

  it('marks an old connector under its old ARN never as seen: that would end the recovery', () => {
    const { acts } = settled({
      what: '',
      acts: [gone, { ...creation, endedAt: ago(9), result: 'refused' }],
      live: { state: 'DELETING' },
      last: '',
    });
    expect(acts.at(-1)).not.toHaveProperty('seenAt');
  });

  it('gives the recovery itself when nothing is new, so that nothing is written', () => {
    const open = recovery([{ ...stored, acceptedAt: ago(10) }]);
    expect(settle(open, { kind: 'present', connector: live({ state: 'DELETING' }) }, at(0), policy())).toBe(open);
  });
});
