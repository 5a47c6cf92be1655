import { describe, expect, test } from 'vitest';
import type { Journal } from '../../recovery/journal.ts';
import { parseJournal } from '../../store/journalSchema.ts';

const at = '2026-01-05T12:00:00.000Z';

/** A recovery on a self-managed Kafka Connect in the middle of a stop, as the watchdog wrote it before it died. */
const written: Journal = {
  schema: 1,
  connector: 'shop/orders-cdc',
  recovery: {
    id: 'r-1',
    openedAt: at,
    trigger: { kind: 'person', connector: 'shop/orders-cdc', who: 'anna', remedy: 'stop-and-resume', dryRun: false },
    verdict: { kind: 'dead', because: 'x', wouldChange: 'y', evidence: [], deadTasks: [0, 1] },
    acts: [
      {
        kind: 'restart',
        intendedAt: at,
        arn: 'connect://shop/orders-cdc',
        onlyFailedTasks: true,
        tasks: [0, 1],
        endedAt: at,
        result: 'refused',
        busy: true,
      },
      {
        kind: 'restart',
        intendedAt: at,
        arn: 'connect://shop/orders-cdc',
        onlyFailedTasks: false,
        by: 'stop-and-resume',
        stoppedAt: at,
        resumes: { times: 2, lastAt: at, acceptedAt: at, reason: 'no' },
      },
      {
        kind: 'restart',
        intendedAt: at,
        arn: 'connect://shop/orders-cdc',
        onlyFailedTasks: false,
        by: 'replace-worker',
        worker: 'w0:8083',
      },
    ],
  },
  history: [],
  incurable: { version: 'v', since: at },
};

describe('a journal of a self-managed connector', () => {
  test('is read as it was written', () => {
    expect(parseJournal(JSON.stringify(written), 'shop/orders-cdc')).toEqual({ kind: 'read', journal: written });
  });

  test.each([
    ['"by":"stop-and-resume"', '"by":"hope"'],
    ['"tasks":[0,1]', '"tasks":"all"'],
    ['"times":2', '"times":"often"'],
    [`"incurable":{"version":"v","since":"${at}"}`, '"incurable":{"version":"v"}'],
    ['"remedy":"stop-and-resume"', '"remedy":"prayer"'],
    [`"stoppedAt":"${at}"`, '"stoppedAt":"noon"'],
  ])('%s as %s cannot be understood, and is never taken for an empty one', (was, is) => {
    const text = JSON.stringify(written).replace(was, is);
    expect(parseJournal(text, 'shop/orders-cdc').kind).toBe('broken');
  });
});
