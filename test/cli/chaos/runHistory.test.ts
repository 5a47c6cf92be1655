import { describe, expect, it } from 'vitest';
import { drawHistory } from '../../../cli/chaos/draw.ts';
import { counts, judge } from '../../../cli/chaos/judge.ts';
import type { HistoryRecord } from '../../../cli/chaos/record.ts';
import { runHistory } from '../../../cli/chaos/runHistory.ts';
import { firstDifference } from '../../../cli/chaos/sequence.ts';
import { history } from './examples.ts';

/** All that is left of a history, in parts. Services name versions, messages and events by chance; nobody asks for these names. */
function parts({
  calls,
  logLines,
  invocations,
  connectors,
  messages,
  hits,
  ...record
}: HistoryRecord): readonly string[] {
  const plain = calls.map(({ output: _output, ...call }) => call);
  const all: readonly unknown[] = [
    record,
    connectors,
    ...plain,
    ...logLines.map(({ fields }) => fields),
    ...invocations,
  ];
  return [...all, ...messages, ...hits].map((part) => JSON.stringify(part).replaceAll(/"id":"[^"]*"/g, ''));
}

describe('one history', () => {
  it('of a connector that dies ends with its data flowing again, by the deletion and creation that its version needs', async () => {
    const record = await runHistory(history([]), 'direct');
    const { truth, end } = record.connectors['orders-cdc'] ?? {};
    expect(truth?.map(({ is }) => is)).toEqual(['flowing', 'dead', 'changing', 'absent', 'changing', 'flowing']);
    expect(end?.state).toBe('RUNNING');
    expect(record.messages.map(({ subject }) => subject)).toEqual([
      '[connector-recovery] orders-cdc: back: recreated, and data flows again',
    ]);
  });

  it('gives the machine its time and its chance back', async () => {
    const real = { Date, setTimeout, random: Math.random };
    await runHistory(history([]), 'direct');
    expect({ Date, setTimeout, random: Math.random }).toEqual(real);
  });

  it('of one seed is the same twice', async () => {
    const [one, other] = [await runHistory(drawHistory(11), 'direct'), await runHistory(drawHistory(11), 'direct')];
    expect(parts(one)).toEqual(parts(other));
  });

  it('counts only where the product acted or decided after a fault', async () => {
    const calm = await runHistory(history([]), 'direct');
    const hostile = await runHistory(
      history([{ kind: 'journal-gone', when: { after: 'DeleteConnector', nth: 1, seconds: 0 }, connector: 0 }]),
      'direct',
    );
    expect([counts(calm), counts(hostile)]).toEqual([false, true]);
  });
});

describe('the direct clients and those of the SDK', () => {
  it.each([1, 2, 3, 5, 8, 13, 21, 34, 55, 89])(
    'make the same calls in the same order: seed %i',
    async (seed) => {
      const direct = await judge(drawHistory(seed), 'direct');
      const sdk = await judge(drawHistory(seed), 'sdk');
      expect(direct.record.calls.length).toBeGreaterThan(20);
      expect(firstDifference(direct.record, sdk.record)).toBeUndefined();
      expect(sdk.broken).toEqual([]);
    },
    60_000,
  );

  it('a difference is seen', async () => {
    const one = await runHistory(history([]), 'direct');
    const other = { ...one, calls: one.calls.filter(({ operation }) => operation !== 'CreateConnector') };
    expect(firstDifference(one, other)).toContain('CreateConnector');
  });
});
