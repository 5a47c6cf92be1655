import { existsSync, readFileSync } from 'node:fs';
import { readLines } from '../../lambda/workerLines.ts';
import { diagnose } from '../../recovery/diagnose.ts';
import type { Background } from '../../recovery/diagnose.ts';
import { asksThePast } from '../../recovery/paceEvidence.ts';
import type { Learned } from '../../recovery/paceEvidence.ts';
import type { Series, Signs } from '../../recovery/signs.ts';
import { readSettings } from '../../settings/read.ts';
import { ago, live, request } from '../recovery/examples.ts';

/** A connector of the table of failures, as its owner had set it. */
export interface Recorded {
  /** The file's name without its ending, such as `matrix-reset-mysql-2.7.1-product`. */
  readonly name: string;
  readonly kind: 'mysql' | 'mariadb' | 'postgresql';
  readonly connectVersion: '2.7.1' | '3.7.x';
  /** `connectorConfiguration`, as far as the detection reads it. */
  readonly configuration?: Readonly<Record<string, string>>;
  /** Its rows after the restart that was its cure are judged, in place of those before: seconds count from the first of them. */
  readonly afterItsRestart?: boolean;
}

interface Sample {
  readonly timeMs: number;
  readonly phase: string;
  readonly value: Readonly<Record<string, number | undefined>>;
}

interface LogLine {
  readonly timestamp: number;
  readonly message: string;
}

/** The day does not matter. */
const day = '2026-01-05T';
/** A replay ends with the act, or begins with it: its own journal would be needed to judge across it. */
const untilTheAct = ['before', 'during'];

function file(name: string): string | undefined {
  const place = new URL(name, import.meta.url);
  return existsSync(place) ? readFileSync(place, 'utf8') : undefined;
}

function samplesOf(name: string): Sample[] {
  const [head = '', ...lines] = (file(`${name}.csv`) ?? '').trim().split('\n');
  const columns = head.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    const field = (column: string) => fields[columns.indexOf(column)] ?? '';
    const number = (column: string) => (field(column) === '' ? undefined : Number(field(column)));
    const task = field('task_state');
    return {
      timeMs: Date.parse(`${day}${field('time')}.000Z`),
      phase: field('phase'),
      value: {
        connected: number('connected'),
        clock: number('ms_since_last_event'),
        polled: number('poll_rate'),
        written: number('write_rate'),
        commits: number('offset_commits_since_last_row'),
        running: task === '' ? undefined : task === 'RUNNING' ? 1 : 0,
        errored: task === '' ? undefined : task === 'FAILED' ? 1 : 0,
      },
    };
  });
}

/** `HH:MM:SS` and a space before each line. */
function linesOf(name: string): LogLine[] {
  const lines = (file(`${name}.log`) ?? '').split('\n').filter((line) => line !== '');
  return lines.map((line) => ({ timestamp: Date.parse(`${day}${line.slice(0, 8)}.000Z`), message: line.slice(9) }));
}

const iso = (ms: number) => new Date(ms).toISOString();
const notWatched = { kind: 'not-watched', cure: 'x' } as const;

/**
 * The verdict at every row up to the cure, from what could be seen at that moment had every row been published at once: `during+154 dead`, where it
 * changes. `hadNobodyActed`: so many seconds more are invented, in which everything stands still and the event clock goes on. `learned`: what its own
 * past would say, where it is asked.
 */
export function verdicts(recorded: Recorded, hadNobodyActed = 0, learned?: Learned): string[] {
  const { name, kind, connectVersion, configuration = {}, afterItsRestart = false } = recorded;
  const phases = afterItsRestart ? ['after'] : untilTheAct;
  const all = samplesOf(name);
  const rows = stoodStill(
    all.filter(({ phase }) => phases.includes(phase)),
    hadNobodyActed,
  );
  const actedAtMs = afterItsRestart ? rows[0]?.timeMs : undefined;
  const lines = linesOf(name).filter(({ timestamp }) => timestamp >= (actedAtMs ?? 0));
  const broken = rows.find(({ phase }) => phase === 'during')?.timeMs ?? 0;
  const settings = readSettings(
    JSON.stringify({
      notify: { emails: ['oncall@example.com'] },
      connectors: [
        {
          name: 'orders-cdc',
          kind,
          connectVersion,
          executionRoleArn: 'arn:aws:iam::111122223333:role/connect-execution',
          logGroup: '/msk-connect/shop',
        },
      ],
    }),
    'connectors.json',
  ).connectors[0];
  if (settings === undefined || rows.length === 0) throw new Error(`There is no recording ${name}.`);
  const connector = live({ name: 'orders-cdc', request: request(configuration), createdAt: ago(30 * 86_400) });
  const heard = rows.map((row, index) => {
    const seen = rows.slice(0, index + 1);
    const told = lines.filter(({ timestamp }) => timestamp <= row.timeMs);
    const signs = signsOf(seen, readLines(told, settings, connector, false));
    const { policy } = settings;
    const judge = (background: Background) =>
      diagnose(connector, signs, policy, actedAtMs === undefined ? undefined : iso(actedAtMs), background);
    const present = judge({});
    const asked = learned !== undefined && asksThePast(present, { connector, policy });
    const { kind: verdict } = asked ? judge({ learned }) : present;
    return { verdict, at: `${row.phase}+${(row.timeMs - (row.phase === 'during' ? broken : (rows[0]?.timeMs ?? 0))) / 1000}` };
  });
  return heard
    .filter(({ verdict }, index) => verdict !== heard[index - 1]?.verdict)
    .map(({ verdict, at }) => `${at} ${verdict}`);
}

function stoodStill(rows: readonly Sample[], seconds: number): readonly Sample[] {
  const last = rows.at(-1);
  if (last === undefined) return rows;
  const more = Array.from({ length: Math.ceil(seconds / 15) }, (_, index): Sample => {
    const laterMs = (index + 1) * 15_000;
    const { clock } = last.value;
    const value = { ...last.value, commits: 0, clock: clock === undefined ? undefined : clock + laterMs };
    return { ...last, timeMs: last.timeMs + laterMs, value };
  });
  return [...rows, ...more];
}

function signsOf(rows: readonly Sample[], log: ReturnType<typeof readLines>): Signs {
  const first = rows[0]?.timeMs ?? 0;
  const now = rows.at(-1)?.timeMs ?? 0;
  const series = (key: string): Series => ({
    kind: 'read',
    samples: rows.flatMap(({ timeMs, value }, index) => {
      const found = value[key];
      const from = rows[index - 1]?.timeMs ?? timeMs - 15_000;
      return found === undefined ? [] : [{ from: iso(from), to: iso(timeMs), value: found }];
    }),
  });
  // Of the log only what tells was kept; commits were counted for every row.
  const committed = rows.findLast(({ value }) => (value['commits'] ?? 0) > 0);
  return {
    from: iso(first - 15_000),
    to: iso(now),
    recordsIn: series('polled'),
    recordsOut: series('written'),
    runningTasks: series('running'),
    erroredTasks: series('errored'),
    connected: series('connected'),
    msSinceLastEvent: series('clock'),
    lag: notWatched,
    log: {
      ...log,
      kind: 'read',
      complete: true,
      newestLineAt: iso(now),
      commits: committed === undefined ? { count: 0 } : { count: 1, lastAt: iso(committed.timeMs) },
    },
  };
}
