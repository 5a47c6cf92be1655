import { describe, expect, it } from 'vitest';
import { ask, lawfulRecreation, ms, newArn, oldArn, verdictOn } from './records.ts';
import type { Made } from './records.ts';

const rule = '3: a promise that was kept is closed';

function end(backup: object, journal = '{"history":[]}', arn = newArn) {
  const backups = [{ key: 'backups/orders-cdc/1.json', text: JSON.stringify(backup) }];
  return { end: { arn, state: 'RUNNING', truth: 'flowing', journal, backups } } as const;
}

describe('rule 3: a backup of what is back is closed', () => {
  it('is broken where it still promises to recreate what is there', () => {
    expect(verdictOn({ calls: lawfulRecreation(), connector: end({ arn: oldArn }) })).toEqual([rule]);
  });

  it.each([
    ['it is closed', end({ arn: oldArn, closed: {} })],
    ['the recovery is not over', end({ arn: oldArn }, '{"recovery":{}}')],
    ['it is of the connector that lives', end({ arn: newArn })],
  ])('is kept where %s', (_what, connector) => {
    expect(verdictOn({ calls: lawfulRecreation(), connector })).toEqual([]);
  });

  const older = [
    { key: 'backups/orders-cdc/1.json', text: JSON.stringify({ arn: oldArn }) },
    { key: 'backups/orders-cdc/2.json', text: JSON.stringify({ arn: oldArn, closed: {} }) },
  ];
  const hidden = { end: { ...end({ arn: oldArn }).end, backups: older } };

  it('is broken where a newer one that is closed hides it', () => {
    expect(verdictOn({ calls: lawfulRecreation(), connector: hidden })).toEqual([rule]);
  });

  it('is broken where somebody took a newer one away', () => {
    const hits = [{ kind: 'backup-gone', atMs: ms(900), connector: 'orders-cdc' }];
    expect(verdictOn({ calls: lawfulRecreation(), connector: end({ arn: oldArn }), record: { hits } })).toEqual([rule]);
  });

  /** The backup that is still open, as it was stored. */
  const stored = (changes: Partial<Made> = {}): Made[] => [
    ...lawfulRecreation(),
    { ...ask.backup(302), input: { ...ask.backup(302).input, Key: 'backups/orders-cdc/1.json' }, ...changes },
  ];

  it.each([
    ['sent long before it was stored: broken by none', stored({ sent: { atMs: ms(200), index: 0 } }), []],
    ['stored as it was sent: broken', stored(), [rule]],
  ])('a backup %s', (_what, calls, broken) => {
    expect(verdictOn({ calls, connector: hidden })).toEqual(broken);
  });

  it.each([
    ['after it was stored', 'orders-cdc', 310, []],
    ['before it was stored', 'orders-cdc', 290, [rule]],
    ['of another connector', 'clicks-cdc', 310, [rule]],
  ])('a journal that was put back %s', (_what, connector, at, broken) => {
    const hits = [{ kind: 'journal-rolled-back', atMs: ms(at), connector }];
    expect(verdictOn({ calls: stored(), connector: hidden, record: { hits } })).toEqual(broken);
  });
});
