import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseContext, type Context } from '../../recovery/readiness/context.ts';
import { subjectFromFile } from '../../recovery/readiness/fromFile.ts';
import type { InputFault } from '../../recovery/readiness/inputFault.ts';
import { judge, type Judgement } from '../../recovery/readiness/judge.ts';
import type { Subject } from '../../recovery/readiness/subject.ts';

/** A judgement, and the file that it is about. */
export interface JudgedFile extends Judgement {
  readonly file: string;
}

/** What became of the files: all judged, or everything that made one of them unreadable. */
export type JudgedFiles =
  | { readonly kind: 'judged'; readonly judged: readonly JudgedFile[]; readonly notes: readonly string[] }
  | { readonly kind: 'unreadable'; readonly faults: readonly InputFault[] };

/**
 * Judges the connectors of files, offline, each with the context that lies beside it as NAME.context.json.
 * @param contextFile a context for all of them instead
 */
export function judgeFiles(files: readonly string[], contextFile?: string): JudgedFiles {
  const faults: InputFault[] = [];
  const notes: string[] = [];
  // A shell that spreads *.json names the contexts too.
  const connectors = files.filter((file) => !isContext(file));
  if (connectors.length === 0) {
    const expected = 'the file of a connector, beside which its context is found by itself';
    return {
      kind: 'unreadable',
      faults: files.map((file) => ({ file, place: 'the file', found: 'a context', expected })),
    };
  }
  const subjects: Subject[] = [];
  for (const file of connectors) {
    const context = contextOf(contextFile ?? besideOf(file), contextFile !== undefined, faults, notes);
    const text = textOf(file, faults);
    if (text === undefined) continue;
    const read = subjectFromFile(file, text, context, basename(file).replace(/\.json$/i, ''));
    if ('faults' in read) faults.push(...read.faults);
    else subjects.push(read.subject);
  }
  if (faults.length > 0) return { kind: 'unreadable', faults: unique(faults) };
  const judged = judge(subjects).map((judgement, index) => ({ file: connectors[index] ?? '', ...judgement }));
  return { kind: 'judged', judged, notes: [...new Set(notes)] };
}

function contextOf(file: string, mustExist: boolean, faults: InputFault[], notes: string[]): Context {
  if (!mustExist && !existsSync(file)) return {};
  const text = textOf(file, faults);
  if (text === undefined) return {};
  const read = parseContext(file, text);
  if ('faults' in read) {
    faults.push(...read.faults);
    return {};
  }
  if (read.unread.length > 0) notes.push(`${file}: no rule reads ${read.unread.join(', ')}`);
  return read.context;
}

function textOf(file: string, faults: InputFault[]): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const words: Readonly<Record<string, string>> = {
      ENOENT: 'no such file',
      EISDIR: 'a folder',
      EACCES: 'a file that may not be read',
    };
    faults.push({
      file,
      place: 'the file',
      found: words[code] ?? (code || 'nothing readable'),
      expected: 'a JSON file',
    });
    return undefined;
  }
}

function besideOf(file: string): string {
  return `${file.replace(/\.json$/i, '')}.context.json`;
}

function isContext(file: string): boolean {
  return /\.context\.json$/i.test(file);
}

/** One context for several files would tell its faults once for each. */
function unique(faults: readonly InputFault[]): InputFault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}
