import { describe, expect, it } from 'vitest';
import { lawfulRecreation, ms, recordOf, verdictOn } from './records.ts';
import type { Made } from './records.ts';

const rule = "10: no secret of a connector's config is logged or sent";
const secret = 'hunter2hunter2';
const calls = lawfulRecreation();

function publish(message: unknown): Made {
  return {
    step: 'publish',
    at: 900,
    invocation: 0,
    service: 'sns',
    operation: 'Publish',
    input: { Subject: 'orders-cdc', Message: message },
  };
}

describe('rule 10: secrets stay where they are', () => {
  it('is kept by a recreation, whose secrets lie in backups, journals and requests alone', () => {
    expect(verdictOn({ calls, record: { secrets: [secret] } })).toEqual([]);
  });

  it.each([
    ['a message', { messages: [{ atMs: ms(1), subject: 'x', text: `refused: ${secret}` }] }],
    ['a subject', { messages: [{ atMs: ms(1), subject: `refused: ${secret}`, text: '' }] }],
    [
      'a log line',
      { logLines: [{ atMs: ms(1), invocation: 0, event: 'look', fields: { deep: { in: [`x${secret}x`] } } }] },
    ],
    ['an error', { invocations: recordOf({ calls }).invocations.map((one) => ({ ...one, error: `bad: ${secret}` })) }],
    [
      'an answer',
      { invocations: recordOf({ calls }).invocations.map((one) => ({ ...one, answer: `{"x":"${secret}"}` })) },
    ],
  ])('is broken by %s that holds one', (_what, record) => {
    expect(verdictOn({ calls, record: { ...record, secrets: [secret] } })).toEqual([rule]);
  });

  it.each([
    ['as text', secret],
    ['as bytes', Buffer.from(`{"password":"${secret}"}`)],
  ])('is broken by what was sent and never arrived, %s', (_what, message) => {
    expect(verdictOn({ calls: [...calls, publish(message)], record: { secrets: [secret] } })).toEqual([rule]);
  });
});
