import logUpdate from 'log-update';
import pc from 'picocolors';
import { clockText } from './story.ts';
import type { Actor, Moment } from './story.ts';

/** Where a run shows itself. */
export interface Screen {
  /** A line that stays. */
  tell(moment: Moment): void;
  /** Text that stays, such as a heading or the closing table. */
  write(text: string): void;
  /** What is going on now: replaced by the next one on a terminal; on a pipe printed now and then. */
  progress(atMs: number, lines: readonly string[]): void;
  close(): void;
}

const colors: Readonly<Record<Actor, (text: string) => string>> = {
  you: pc.bold,
  connector: pc.red,
  CloudWatch: pc.yellow,
  Lambda: pc.cyan,
  'MSK Connect': pc.magenta,
  'e-mail': pc.green,
};

/**
 * A live screen on a terminal, plain lines on a pipe.
 * @param startMs what the clock at the left counts from
 * @param plainProgressMs how often a pipe hears that something still goes on
 */
export function openScreen(
  startMs: number,
  names: readonly string[],
  output: NodeJS.WriteStream = process.stdout,
  plainProgressMs = 5000,
): Screen {
  return output.isTTY ? liveScreen(startMs, names, output) : plainScreen(startMs, names, output, plainProgressMs);
}

function liveScreen(startMs: number, names: readonly string[], output: NodeJS.WriteStream): Screen {
  const frames = ['-', '\\', '|', '/'];
  let frame = 0;
  const keep = (text: string) => {
    logUpdate.clear();
    output.write(`${text}\n`);
  };
  return {
    tell: (moment) => keep(line(moment, startMs, names, output.columns)),
    write: keep,
    progress: (atMs, lines) => {
      frame = (frame + 1) % frames.length;
      const clock = `${frames[frame] ?? ''} ${clockText(atMs - startMs)}`;
      logUpdate(
        ['', ...lines.map((text, index) => `${index === 0 ? clock : ' '.repeat(clock.length)}  ${pc.dim(text)}`)].join(
          '\n',
        ),
      );
    },
    close: () => logUpdate.clear(),
  };
}

function plainScreen(
  startMs: number,
  names: readonly string[],
  output: NodeJS.WriteStream,
  plainProgressMs: number,
): Screen {
  let saidAt = 0;
  return {
    tell: (moment) => {
      saidAt = performance.now();
      output.write(`${line(moment, startMs, names, 120)}\n`);
    },
    write: (text) => output.write(`${text}\n`),
    progress: (atMs, lines) => {
      if (performance.now() - saidAt < plainProgressMs) return;
      saidAt = performance.now();
      const [first = '', ...rest] = lines.flatMap((text) => wrap(text, 108));
      output.write(
        [`${clockText(atMs - startMs)}  ... ${first}\n`, ...rest.map((text) => `           ${text}\n`)].join(''),
      );
    },
    close: () => undefined,
  };
}

function line(moment: Moment, startMs: number, names: readonly string[], columns: number): string {
  const name = (moment.connector ?? '').padEnd(Math.max(0, ...names.map((each) => each.length)));
  const actor = moment.actor.padEnd(11);
  const indent = 5 + 2 + actor.length + 2 + name.length + 2;
  const [first = '', ...rest] = wrap(moment.text, Math.max(40, columns - indent - 1));
  const head = `${pc.dim(clockText(moment.atMs - startMs))}  ${colors[moment.actor](actor)}  ${name}  ${first}`;
  return [head, ...rest.map((text) => `${' '.repeat(indent)}${text}`)].join('\n');
}

/** Breaks text at spaces into lines of at most `width` columns, indented like its beginning; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  const indent = /^[ -]*/.exec(text)?.[0].length ?? 0;
  if (indent > 0 && indent < text.length) {
    const [first = '', ...rest] = wrap(text.slice(indent), width - indent);
    return [text.slice(0, indent) + first, ...rest.map((each) => ' '.repeat(indent) + each)];
  }
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
