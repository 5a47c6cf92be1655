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

  it('is kept where a person called the recovery off', () => {
    const { invocations } = recordOf({ calls: lost });
    const event = { connector: 'orders-cdc', do: 'call-off', who: 'anna' };
    const record = { invocations: invocations.map((one) => ({ ...one, event, startMs: ms(400) })) };
    expect(verdictOn({ calls: lost, connector: gone, record })).not.toContain(rule);
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
