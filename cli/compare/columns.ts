import logUpdate from 'log-update';
import pc from 'picocolors';
import { clockText } from '../demonstration/story.ts';
import { wrap } from '../demonstration/screen.ts';
import { sides, type Side } from './marks.ts';
import type { Happening, Role } from './sideWatch.ts';

/** What each world calls its actors. */
const actorNames: Readonly<Record<Side, Readonly<Record<Role, string>>>> = {
  'MSK Connect': {
    you: 'you',
    connector: 'connector',
    monitor: 'CloudWatch',
    recovery: 'Lambda',
    platform: 'MSK Connect',
    message: 'e-mail',
  },
  'self-managed': {
    you: 'you',
    connector: 'connector',
    monitor: 'watchdog sees',
    recovery: 'watchdog does',
    platform: 'Connect REST',
    message: 'webhook',
  },
};

const colors: Readonly<Record<Role, (text: string) => string>> = {
  you: pc.bold,
  connector: pc.red,
  monitor: pc.yellow,
  recovery: pc.cyan,
  platform: pc.magenta,
  message: pc.green,
};

/** Where the two worlds are shown next to each other. */
export interface Columns {
  tell(happening: Happening): void;
  /** Names the columns, where there are two. */
  heading(): void;
  /** Text that stays, across both columns. */
  write(text: string): void;
  /** What goes on in each world now: replaced by the next on a terminal; on a pipe printed now and then. */
  progress(atMs: number, now: readonly string[]): void;
  close(): void;
}

/** Narrower than this, two columns are no help. */
const leastColumns = 110;
const plainProgressMs = 10_000;
const clockWidth = 7;

/**
 * Two columns with one clock on a wide terminal; plain lines, each with its world, on a pipe and on a narrow one.
 * @param startMs what the clock at the left counts from
 */
export function openColumns(startMs: number, output: NodeJS.WriteStream = process.stdout): Columns {
  return output.isTTY ? onTerminal(startMs, output) : onPipe(startMs, output);
}

function onTerminal(startMs: number, output: NodeJS.WriteStream): Columns {
  const keep = (text: string) => {
    logUpdate.clear();
    output.write(`${text}\n`);
  };
  return {
    tell: (happening) => keep(lineOf(happening, startMs, output.columns)),
    heading: () => {
      if (output.columns >= leastColumns) keep(pc.bold(headingOf(output.columns)));
    },
    write: keep,
    progress: (atMs, now) => {
      const clock = pc.dim(clockText(atMs - startMs).padEnd(clockWidth));
      if (output.columns < leastColumns) {
        logUpdate(
          [``, ...sides.map((side, index) => `${clock}${side.padEnd(14)}${pc.dim(now[index] ?? '')}`)].join('\n'),
        );
        return;
      }
      const width = columnWidth(output.columns);
      logUpdate(`\n${clock}${now.map((text) => pc.dim(text.slice(0, width).padEnd(width))).join(' | ')}`);
    },
    close: () => logUpdate.clear(),
  };
}

function onPipe(startMs: number, output: NodeJS.WriteStream): Columns {
  let saidAt = 0;
  return {
    tell: (happening) => {
      saidAt = performance.now();
      output.write(`${plainLine(happening, startMs, 120)}\n`);
    },
    heading: () => undefined,
    write: (text) => void output.write(`${text}\n`),
    progress: (atMs, now) => {
      if (performance.now() - saidAt < plainProgressMs) return;
      saidAt = performance.now();
      for (const [index, side] of sides.entries())
        output.write(`${clockText(atMs - startMs).padEnd(clockWidth)}${side.padEnd(14)}... ${now[index] ?? ''}\n`);
    },
    close: () => undefined,
  };
}

const columnWidth = (columns: number) => Math.floor((columns - clockWidth - 4) / 2);

/** One happening as it is shown in so many columns of a terminal: beside the other world where there is room for both. */
export function lineOf(happening: Happening, startMs: number, columns: number): string {
  const { side, role, text, atMs } = happening;
  if (side === undefined || columns < leastColumns) return plainLine(happening, startMs, columns);
  const width = columnWidth(columns);
  const name = actorNames[side][role];
  const lines = wrap(`${name}: ${text}`, width).map((line) => line.padEnd(width));
  const shown = lines.map((line, index) => (index === 0 ? colors[role](name) + line.slice(name.length) : line));
  const empty = ' '.repeat(width);
  return shown
    .map((line, index) => {
      const clock = (index === 0 ? clockText(atMs - startMs) : '').padEnd(clockWidth);
      return `${pc.dim(clock)}${side === 'MSK Connect' ? `${line} |` : `${empty} | ${line}`}`.trimEnd();
    })
    .join('\n');
}

/** The worlds' names above their columns. */
export function headingOf(columns: number): string {
  const width = columnWidth(columns);
  return `${''.padEnd(clockWidth)}${sides.map((side) => side.padEnd(width)).join(' | ')}`.trimEnd();
}

function plainLine({ atMs, side, role, text }: Happening, startMs: number, columns: number): string {
  const world = (side ?? 'both').padEnd(14);
  const actor = (side === undefined ? 'you' : actorNames[side][role]).padEnd(15);
  const indent = clockWidth + world.length + actor.length;
  const [first = '', ...rest] = wrap(text, Math.max(40, columns - indent - 1));
  const head = `${pc.dim(clockText(atMs - startMs).padEnd(clockWidth))}${world}${colors[role](actor)}${first}`;
  return [head, ...rest.map((line) => `${' '.repeat(indent)}${line}`)].join('\n');
}
