import { describe, expect, it } from 'vitest';
import type { ConnectorRecord } from '../../../../cli/chaos/record.ts';
import { bucket, changed, lawfulRecreation, ms, newArn, oldArn, recordOf, verdictOn, without } from './records.ts';
import type { Made } from './records.ts';

const rule = '3: what was deleted is recreated';
const lost = without(lawfulRecreation(), 'create');
const gone: Partial<ConnectorRecord> = { end: { truth: 'absent', backups: [] } };

function tampering(at: number, key: string): Made {
  return {
    step: 'tampering',
    at,
    by: 'person',
    service: 's3',
    operation: 'DeleteObject',
    input: { Bucket: bucket, Key: key },
  };
}

describe('rule 3: what was deleted comes back', () => {
  it('is broken where nobody created it again', () => {
    expect(verdictOn({ calls: lost, connector: gone })).toContain(rule);
  });

  it('is broken where it comes back after the bound', () => {
    const calls = changed(lawfulRecreation(), 'create', { at: 4900 });
    expect(verdictOn({ calls })).toContain(rule);
  });

  it('is broken where it was created and is not there in the end', () => {
    expect(verdictOn({ calls: lawfulRecreation(), connector: gone })).toContain(rule);
  });

  it('is kept where a person created it', () => {
    const calls = changed(lawfulRecreation(), 'create', { by: 'person' });
    expect(verdictOn({ calls })).not.toContain(rule);
  });

  it('is kept where a person deleted what had come back', () => {
    const persons = [{ atMs: ms(900), did: 'person-deletes', accepted: true, arn: newArn }];
    expect(verdictOn({ calls: lawfulRecreation(), connector: { ...gone, persons } })).not.toContain(rule);
  });

  const saysItStaysDeleted = {
    atMs: ms(420),
    subject: '[connector-recovery] orders-cdc: CALLED OFF: it is deleted, and nothing is created again',
    text: 'It is deleted, and is not created again.',
  };

  it.each([
    ['kept where people heard that it stays deleted', 400, [saysItStaysDeleted], false],
    ['kept where the call-off crossed the deletion', 290, [saysItStaysDeleted], false],
    ['broken where nobody was told', 400, [], true],
    ['broken where people were told before it was deleted', 290, [{ ...saysItStaysDeleted, atMs: ms(295) }], true],
    [
      'broken where people heard only that nothing more is done',
      400,
      [{ atMs: ms(420), subject: 'orders-cdc: called off: nothing more is done', text: 'Nothing more is done to it.' }],
      true,
    ],
    ['broken where it was called off long before', 200, [saysItStaysDeleted], true],
  ])('a person called the recovery off: %s', (_what, startAt, messages, isBroken) => {
    const { invocations } = recordOf({ calls: lost });
    const event = { connector: 'orders-cdc', do: 'call-off', who: 'anna' };
    const record = { messages, invocations: invocations.map((one) => ({ ...one, event, startMs: ms(startAt) })) };
    expect(verdictOn({ calls: lost, connector: gone, record }).includes(rule)).toBe(isBroken);
  });

  it('is kept where it is still being deleted', () => {
    const end = { arn: oldArn, state: 'DELETING', truth: 'changing', backups: [] } as const;
    expect(verdictOn({ calls: lost, connector: { end } })).not.toContain(rule);
  });

  it('asks only for a message where a person destroyed journal and backup', () => {
    const calls = [
      ...lost,
      tampering(400, 'journals/orders-cdc.json'),
      tampering(400, 'backups/orders-cdc/1-r-1.json'),
    ];
    const message = {
      atMs: ms(450),
      subject: 'orders-cdc: does not exist, and we did not delete it',
      text: 'orders-cdc',
    };
    expect(verdictOn({ calls, connector: gone })).toContain(rule);
    expect(verdictOn({ calls, connector: gone, record: { messages: [message] } })).not.toContain(rule);
  });

  it('asks for more where a person destroyed the journal alone', () => {
    const calls = [...lost, tampering(400, 'journals/orders-cdc.json')];
    const message = {
      atMs: ms(450),
      subject: 'orders-cdc: does not exist, and we did not delete it',
      text: 'orders-cdc',
    };
    expect(verdictOn({ calls, connector: gone, record: { messages: [message] } })).toContain(rule);
  });
});
