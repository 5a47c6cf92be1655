import { describe, expect, it } from 'vitest';
import { ask, changed, lawfulRecreation, ms, verdictOn } from './records.ts';
import type { Made } from './records.ts';

const rule = '3: while it is deleted and not back, people are told again and again';

/** Refused every five minutes for two and a half hours, then created. */
const refused: Made[] = [
  ...changed(lawfulRecreation(), 'create', { at: 9500 }).filter(({ step }) => step !== 'journal create'),
  ...Array.from({ length: 30 }, (_, index) => ask.refusedCreate(502 + 300 * index)),
];
const record = { faultsEndMs: ms(9400), endMs: ms(20_000) };

function messages(minutes: readonly number[]) {
  return minutes.map((minute) => ({
    atMs: ms(510 + minute * 60),
    subject: '[connector-recovery] orders-cdc: DELETED AND NOT BACK YET',
    text: 'orders-cdc: it was deleted to be recreated.',
  }));
}

describe('rule 3: people are told at 0, 5, 15, 60 minutes and then every hour', () => {
  it('is kept by messages in that rhythm', () => {
    expect(verdictOn({ calls: refused, record: { ...record, messages: messages([0, 5, 15, 60, 120]) } })).not.toContain(
      rule,
    );
  });

  it.each([
    ['nobody was told at all', []],
    ['people were told once', [0]],
    ['people were not told in the first hour again', [0, 60, 120]],
    ['people were not told for the last one and a half hours', [0, 5, 15, 60]],
  ])('is broken where %s', (_what, minutes) => {
    expect(verdictOn({ calls: refused, record: { ...record, messages: messages(minutes) } })).toContain(rule);
  });

  it('proves nothing while the notifier refused', () => {
    const publish: Made = {
      step: 'publish',
      at: 4000,
      invocation: 0,
      service: 'sns',
      operation: 'Publish',
      input: {},
      carriedOut: false,
    };
    const calls = [...refused, publish];
    const index = calls.toSorted((a, b) => a.at - b.at).indexOf(publish);
    const hits = [{ kind: 'sns-refuses', atMs: ms(4000), call: index }];
    const told = { ...record, messages: messages([0, 5, 15, 120]), hits };
    expect(verdictOn({ calls, record: told })).not.toContain(rule);
  });

  it('asks for no message where the first attempt is taken', () => {
    expect(verdictOn({ calls: lawfulRecreation() })).toEqual([]);
  });
});
