import { describe, expect, it } from 'vitest';
import { phasesOf, silenceOf } from '../../../cli/compare/marks.ts';
import { SideWatch, type Happening } from '../../../cli/compare/sideWatch.ts';
import { isSettled } from '../../../cli/compare/settled.ts';
import { hearWatchdog } from '../../../cli/compare/hearWatchdog.ts';
import { hearEngine } from '../../../cli/compare/engineLine.ts';

const at = (seconds: number) => Date.UTC(2026, 0, 5, 8) + seconds * 1000;
const rows = (written: number, arrived: number, lost = 0) => ({
  written,
  arrived,
  duplicated: 0,
  lost,
  waiting: written - arrived - lost,
});

/** A world that broke at second 100, when 100 rows were written and 98 had arrived. */
function broken(): { watch: SideWatch; told: Happening[] } {
  const told: Happening[] = [];
  const watch = new SideWatch('self-managed', (happening) => told.push(happening));
  watch.counted(at(100), rows(100, 98));
  watch.failed(at(100), rows(100, 98), 'it broke');
  return { watch, told };
}

describe('what is taken down of one world', () => {
  it('gives the time from failure to detection, act, data and proof', () => {
    const { watch } = broken();
    watch.detected(at(130), 'ALARM connected');
    watch.called(at(132), 'RestartConnector');
    watch.counted(at(131), rows(131, 100));
    watch.counted(at(150), rows(150, 140));
    watch.finished(at(200), 'recovered', 'data flows');
    expect(phasesOf(watch.result().marks)).toEqual({
      'failure until it was detected': 30,
      'detected until the act': 2,
      'the act until data arrived': 18,
      'in all: data stood still': 50,
      'data arrived until it was proved': 50,
    });
  });

  it('does not take rows for data that were on their way when it broke', () => {
    const { watch } = broken();
    watch.counted(at(101), rows(101, 100));
    expect(watch.flows).toBe(false);
    watch.counted(at(102), rows(102, 101));
    expect(watch.flows).toBe(true);
  });

  it('takes a row behind lost ones for data, and counts the lost', () => {
    const { watch } = broken();
    watch.counted(at(120), rows(120, 99, 5));
    expect(watch.result()).toMatchObject({ marks: { rowsAtMs: at(120) }, rows: { lost: 5 } });
  });

  it('remembers the most that waited at once', () => {
    const { watch } = broken();
    for (const [written, arrived] of [
      [120, 98],
      [150, 98],
      [151, 151],
    ] as const) {
      watch.counted(at(written), rows(written, arrived));
    }
    expect(watch.result().mostWaiting).toBe(52);
  });

  it('counts an alarm that came before the failure as no detection of it', () => {
    const { watch } = broken();
    watch.detected(at(90), 'ALARM connected');
    expect(watch.result().marks).toEqual({ failedAtMs: at(100) });
  });

  it('counts only the first alarm as the detection, and only accepted calls as acts', () => {
    const { watch } = broken();
    watch.detected(at(120), 'ALARM event-clock');
    watch.detected(at(125), 'ALARM offset-commits');
    watch.called(at(130), 'RestartConnector', 'BadRequestException');
    watch.called(at(140), 'DeleteConnector');
    expect(watch.result()).toMatchObject({
      detectedBy: 'ALARM event-clock',
      acts: ['DeleteConnector'],
      marks: { detectedAtMs: at(120), actedAtMs: at(140) },
    });
  });

  it('counts the decision as the beginning of an act that is answered only when it is done', () => {
    const { watch } = broken();
    watch.decided(at(120), 'restart', 'dead');
    watch.called(at(125), 'POST /connectors/orders-cdc/tasks/0/restart');
    watch.decided(at(150), 'restart', 'still dead');
    expect(watch.result().marks.actedAtMs).toBe(at(120));
  });

  it('hears of a decision after its call, as it is where a log is slow', () => {
    const { watch } = broken();
    watch.called(at(125), 'RestartConnector');
    watch.decided(at(124), 'restart', 'dead');
    expect(watch.result().marks.actedAtMs).toBe(at(124));
  });

  it('has no proof of a recovery that the engine does not call one', () => {
    const { watch } = broken();
    watch.finished(at(200), 'acted-unproved', 'nothing was seen');
    expect(watch.proved).toBe(false);
  });

  it('knows nothing before anything failed', () => {
    expect(() => new SideWatch('MSK Connect').result()).toThrow('Nothing failed in MSK Connect yet.');
  });

  it('looks at what each could see up to the act, or to the data where nobody acted', () => {
    expect(silenceOf({ failedAtMs: 1, actedAtMs: 5, rowsAtMs: 9 })).toEqual([1, 5]);
    expect(silenceOf({ failedAtMs: 1, rowsAtMs: 9 })).toEqual([1, 9]);
  });
});

describe("the engine's own log", () => {
  const ours = (connector: string) => connector === 'orders-cdc';
  const line = (fields: object) =>
    JSON.stringify({ time: '2026-01-05T08:02:30.000Z', connector: 'orders-cdc', ...fields });

  it('tells decisions with their verdict and reason, and ends', () => {
    const { watch, told } = broken();
    hearEngine(watch, line({ event: 'decided.restart', verdict: 'dead', reason: 'No sign of life.' }), ours, 0);
    hearEngine(watch, line({ event: 'decided.finish', verdict: 'alive', reason: 'Done.' }), ours, 0);
    hearEngine(watch, line({ event: 'finished', outcome: 'recovered', reason: 'Data flows.' }), ours, 0);
    expect(told.slice(1).map(({ role, text }) => [role, text])).toEqual([
      ['recovery', 'decides: restart. Verdict dead: No sign of life.'],
      ['recovery', 'RECOVERED: Data flows.'],
    ]);
    expect(watch.result()).toMatchObject({ reason: 'Verdict dead: No sign of life.', marks: { provedAtMs: at(150) } });
  });

  it.each([
    ['of another connector', JSON.stringify({ event: 'finished', outcome: 'recovered', connector: 'other-cdc' })],
    ['of none', JSON.stringify({ event: 'finished', outcome: 'recovered' })],
    ['that is no JSON', 'START RequestId: 1'],
    ['that is JSON and no line', '17'],
  ])('leaves out a line %s', (_, text) => {
    const { watch } = broken();
    hearEngine(watch, text, ours, at(150));
    expect(watch.proved).toBe(false);
  });
});

describe("the watchdog's own log", () => {
  const look = (connector: string) =>
    JSON.stringify({ time: '2026-01-05T08:02:30.000Z', event: 'look', connector, why: 'it was seen to be dead' });

  it('tells its detection by the look that hands the connector to the engine', () => {
    const { watch } = broken();
    hearWatchdog(watch, look('shop/orders-cdc'), 'shop/orders-cdc', 0);
    expect(watch.result()).toMatchObject({
      detectedBy: 'looks at it: it was seen to be dead',
      marks: { detectedAtMs: at(150) },
    });
  });

  it('tells nothing of ours by a look at another', () => {
    const { watch } = broken();
    hearWatchdog(watch, look('shop/other-cdc'), 'shop/orders-cdc', 0);
    expect(watch.result().marks).toEqual({ failedAtMs: at(100) });
  });
});

describe('whether more is to come', () => {
  it('while nothing arrives, there is', () => {
    const { watch } = broken();
    expect(isSettled(watch, at(3000))).toBe(false);
  });

  it('after an act, until it is proved', () => {
    const { watch } = broken();
    watch.called(at(120), 'RestartConnector');
    watch.counted(at(130), rows(130, 130));
    expect(isSettled(watch, at(3000))).toBe(false);
    watch.finished(at(140), 'recovered', 'data flows');
    expect(isSettled(watch, at(141))).toBe(true);
  });

  it('without an act, for four minutes, in which somebody may still act', () => {
    const { watch } = broken();
    watch.counted(at(130), rows(130, 130));
    expect(isSettled(watch, at(369))).toBe(false);
    expect(isSettled(watch, at(370))).toBe(true);
  });
});
