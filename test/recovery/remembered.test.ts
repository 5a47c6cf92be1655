import { describe, expect, it } from 'vitest';
import { diagnose } from '../../recovery/diagnose.ts';
import { remembered } from '../../recovery/remembered.ts';
import { ago, arn, journal, live, log, policy, signs, steady } from './examples.ts';

describe('a task that died of a source out of reach, and whose last words lie further back than is looked', () => {
  const inError = (failureAgo?: number) =>
    signs({
      erroredTasks: steady(1),
      runningTasks: steady(0),
      log: log({ newestLineAgo: 5, ...(failureAgo === undefined ? {} : { failureAgo }) }),
    });
  const stands = (key: string) => journal({ standing: { key, since: ago(3600) } });
  const untouched = stands('elsewhere/left-alone');
  const restarted = { arn: `${arn}/op/1`, type: 'RESTART_CONNECTOR', startedAt: ago(1900), state: 'complete' } as const;
  it.each([
    ['people were told that its source is out of reach', untouched, live(), inError(), 'elsewhere'],
    ['a restart found out that it still is', stands('elsewhere/acted-unproved'), live(), inError(), 'elsewhere'],
    ['people were told that it is dead', stands('dead/refused'), live(), inError(), 'dead'],
    ['nobody was told of anything', journal(), live(), inError(), 'dead'],
    [
      'somebody restarted it since',
      untouched,
      live({ operations: [{ ...restarted, endedAt: ago(1800) }] }),
      inError(),
      'dead',
    ],
    ['somebody created it anew since', untouched, live({ createdAt: ago(1800) }), inError(), 'dead'],
    ['it died again since, of something else', untouched, live(), inError(200), 'dead'],
    ['it is FAILED', untouched, live({ state: 'FAILED' }), signs(), 'elsewhere'],
  ] as const)('%s', (_, written, connector, seen, kind) => {
    const judged = diagnose(connector, seen, policy(), undefined);
    expect(judged.kind).toBe('dead');
    const verdict = remembered(judged, written, connector, seen);
    expect(verdict.kind).toBe(kind);
    expect(verdict.diedUnconnectedAt).toBe(kind === 'elsewhere' ? ago(3600) : undefined);
  });

  it('says nothing of a task that runs and is silent', () => {
    const seen = signs({ recordsIn: steady(0), msSinceLastEvent: steady(900_000) });
    const judged = diagnose(live(), seen, policy(), undefined);
    expect(remembered(judged, untouched, live(), seen).kind).toBe('dead');
  });
});
