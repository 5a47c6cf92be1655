import { describe, expect, it } from 'vitest';
import { lawfulRecreation, newArn, oldArn, verdictOn } from './records.ts';

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
});
