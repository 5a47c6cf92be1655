import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { synthesisOf } from '../../cli/synthesis.ts';

const second = ['--app', 'node infra/selfManagedApp.ts', '--output', 'cdk.out/self-managed'];

describe('npm run synth', () => {
  it.each<[string, string[], string[], string[]]>([
    ['nothing: each stack by its usual file', [], [], []],
    ['a file of the first', ['-c', 'connectors=mine.json'], ['-c', 'connectors=mine.json'], []],
    ['a file of the second', ['-c', 'selfManaged=mine.json'], [], ['-c', 'selfManaged=mine.json']],
    [
      'a file of each',
      ['--context', 'selfManaged=b.json', '-c', 'connectors=a=1.json'],
      ['-c', 'connectors=a=1.json'],
      ['-c', 'selfManaged=b.json'],
    ],
  ])('takes %s', (_title, args, ofFirst, ofSecond) => {
    expect(synthesisOf(args).runs).toEqual([
      ['synth', '--quiet', ...ofFirst],
      ['synth', '--quiet', ...second, ...ofSecond],
    ]);
  });

  it.each<[string, string[], string]>([
    ['a name that neither stack knows', ['-c', 'selfmanaged=mine.json'], 'it was given -c selfmanaged=mine.json.'],
    ['a name of every object', ['-c', 'toString=mine.json'], 'it was given -c toString=mine.json.'],
    ['no file', ['-c', 'selfManaged'], 'it was given -c selfManaged.'],
    ['two files for one', ['-c', 'connectors=a.json', '-c', 'connectors=b.json'], 'it was given -c connectors=b.json.'],
    ['a file alone', ['mine.json'], 'it was given mine.json.'],
    ['a folder for both', ['--output', 'out'], 'it was given --output out.'],
  ])('refuses %s, in place of ignoring it', (_title, args, said) => {
    expect(() => synthesisOf(args)).toThrow(said);
  });

  it.each([
    ['a file that is not there', ['-c', 'selfManaged=nowhere.json'], 'nowhere.json is not there.\n'],
    [
      'what nobody would read',
      ['-c', 'self=nowhere.json'],
      'npm run synth takes -c connectors=FILE and -c selfManaged=FILE, and nothing else; it was given -c self=nowhere.json.\n',
    ],
  ])('ends with 1 at %s, before anything is built', (_title, args, said) => {
    const script = fileURLToPath(new URL('../../cli/synth.ts', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: said });
  });

  it('is that script, with nothing after it that arguments would not reach', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['synth']).toBe('node cli/synth.ts');
    expect(Object.keys(scripts).filter((name) => /^(pre|post)(synth|deploy)/.test(name))).toEqual([]);
  });
});
