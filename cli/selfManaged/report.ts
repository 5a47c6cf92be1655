import pc from 'picocolors';
import { wrap } from '../demonstration/screen.ts';
import { clockText } from '../demonstration/story.ts';
import type { Promised } from './promises.ts';
import type { Stage } from './stage.ts';

/** Counts and sums; what is under way and the buckets of histograms would be a page. */
const ofInterest =
  /^connector_watchdog_(connectors|workers|recoveries_total|messages_total|(detect|recover)_seconds_(sum|count))\b/;

/** The end of the run: how long each phase took, what people were told, every row by its key, and what was promised. */
export async function closing(stage: Stage, startMs: number, promised: readonly Promised[]): Promise<string> {
  const failed = promised.filter(({ instead }) => instead !== undefined);
  return [
    '',
    ...phases(stage),
    pc.bold('Every row, counted by its key'),
    ...stage.sources.map(({ name }) => {
      const { written, arrived, duplicated, lost, waiting } = stage.rows(name);
      return `  ${name.padEnd(12)} ${written} rows written, ${arrived} arrived, ${duplicated} twice, ${lost} lost, ${waiting} on their way`;
    }),
    '',
    pc.bold(`What the webhook was sent (${stage.world.deliveries.length})`),
    ...stage.world.deliveries.flatMap(({ atMs, body }) => told(body, clockText(atMs - startMs))),
    '',
    pc.bold('What /metrics says of it'),
    ...(await metrics(stage)),
    '',
    ...(failed.length === 0
      ? wrap(`${pc.green('as promised')}: ${promised.map(({ what }) => what).join('; ')}`, 130)
      : failed.map(({ instead }) => `${pc.red('NOT AS PROMISED')} ${instead}`)),
    '',
    `${promised.length - failed.length} passed, ${failed.length} failed`,
  ].join('\n');
}

function phases({ sources, witness }: Stage): readonly string[] {
  const cut = sources
    .map(({ name }) => ({ name, ...witness.fate(name) }))
    .filter(({ cutAtMs }) => cutAtMs !== undefined);
  if (cut.length === 0) return [];
  const row = (what: string, seconds: (fate: (typeof cut)[number]) => number | undefined) => {
    const cells = cut.map((fate) => {
      const found = seconds(fate);
      return (found === undefined ? '-' : `${found.toFixed(1)} s`).padStart(16);
    });
    return `  ${what.padEnd(34)}${cells.join('')}`;
  };
  const between = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : (to - from) / 1000;
  return [
    pc.bold('How long each phase took'),
    `  ${''.padEnd(34)}${cut.map(({ name }) => name.padStart(16)).join('')}`,
    row('cut until seen', ({ cutAtMs, seenAtMs }) => between(cutAtMs, seenAtMs)),
    row('seen until decided to act', ({ seenAtMs, decidedAtMs }) => between(seenAtMs, decidedAtMs)),
    row('decided until the worker was asked', ({ decidedAtMs, acts }) => between(decidedAtMs, acts[0]?.atMs)),
    row('asked until rows arrived', ({ acts, rowsAtMs }) =>
      between(acts.findLast(({ atMs }) => atMs < (rowsAtMs ?? 0))?.atMs, rowsAtMs),
    ),
    pc.bold(row('cut until rows arrived', ({ cutAtMs, rowsAtMs }) => between(cutAtMs, rowsAtMs))),
    row('rows until the watchdog said so', ({ rowsAtMs, provedAtMs }) => between(rowsAtMs, provedAtMs)),
    '',
  ];
}

function told(body: unknown, clock: string): readonly string[] {
  const { subject, text, message } = body as { subject?: string; text?: string; message?: string };
  return [
    `  ${clock}  ${subject ?? text?.split('\n', 1)[0] ?? message?.split('\n', 1)[0] ?? JSON.stringify(body).slice(0, 200)}`,
  ];
}

async function metrics({ world: { watchdog } }: Stage): Promise<readonly string[]> {
  const text = await watchdog.metrics();
  return text
    .split('\n')
    .filter((line) => ofInterest.test(line))
    .map((line) => `  ${line}`);
}
