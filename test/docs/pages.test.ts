import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pages as generated } from '../../cli/documents/pages.ts';
import { readSettings } from '../../settings/read.ts';
import { readWatchdogSettings } from '../../settings/watchdogRead.ts';
import { read, readPages, root } from './claims.ts';

const pages = readPages();
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);

describe('what the pages say is so', () => {
  it('there are pages to look at', () => {
    expect(pages.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'docs/configuration.md', 'local/aws/README.md']),
    );
  });

  it.each(pages)('every npm script that $path names exists', ({ text }) => {
    const named = [...text.matchAll(/npm run (?:-s )?([\w-]+(?::[\w-]+)*)/g)].map(([, script]) => script);
    expect(named.filter((script) => !scripts.includes(script ?? ''))).toEqual([]);
  });

  it.each(pages)('every relative link of $path leads somewhere', ({ path, text }) => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
    const relative = links.filter((target) => !/^(https?:|#)/.test(target)).map((target) => target.replace(/#.*/, ''));
    expect(relative.filter((target) => !existsSync(new URL(target, new URL(path, root))))).toEqual([]);
  });

  it.each(pages)('every link of $path to a heading leads to one', ({ path, text }) => {
    const links = [...text.matchAll(/\]\(([^)\s#]*)#([^)\s]+)\)/g)].filter(([, target = '']) => !target.includes(':'));
    const missing = links.filter(([, target = '', anchor = '']) => {
      const page =
        target === ''
          ? text
          : read(fileURLToPath(new URL(target, new URL(path, root))).slice(fileURLToPath(root).length));
      return !headings(page).includes(anchor);
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });

  it.each(pages)('$path names no place of one machine', ({ text }) => {
    expect(text).not.toContain(homedir() === '/' ? '/root' : `${homedir()}/`);
    expect(text).not.toMatch(/(?:^|[\s("'`])\/(?:work|home|root|Users|tmp)\//);
  });

  it.each(pages)('every file that $path names in code marks exists', ({ text }) => {
    const rooms =
      /^(?:cli|infra|lambda|local|recovery|settings|store|tell|watchdog|test|docs)\/[\w./-]+\.(?:ts|json|md)$/;
    const named = [...text.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name ?? '').filter((name) => rooms.test(name));
    expect(named.filter((name) => !existsSync(new URL(name, root)))).toEqual([]);
  });
});

describe('the example of the README', () => {
  const examples = [...read('README.md').matchAll(/```json\n([\s\S]*?)```/g)].map(([, example = '']) => example);
  const watchdog = examples.find((example) => example.includes('"clusters"')) ?? '';
  const connectors = examples.find((example) => example.includes('"connectors"')) ?? '';

  it('for MSK Connect is a configuration without faults', () => {
    expect(readSettings(connectors, 'README.md').connectors.map(({ name }) => name)).toEqual([
      'orders-cdc',
      'billing-cdc',
    ]);
  });

  it('for a Kafka Connect of one’s own is a configuration without faults', () => {
    expect(readWatchdogSettings(watchdog, 'README.md').clusters.map(({ name }) => name)).toEqual(['shop']);
  });

  it('of docs/configuration.md shows faults as they are reported', () => {
    const role = 'arn:aws:iam::111122223333:role/connect-execution';
    const faulty = {
      notify: { emails: ['oncall@example.com'] },
      connectors: [
        {
          name: 'orders-cdc',
          kind: 'mysql',
          connectVersion: '3.7.x',
          executionRoleArn: role,
          waits: { pollSeconds: 0 },
        },
        { name: 'billing-cdc', kind: 'mysql', connectVersion: '3.7.x' },
      ],
    };
    const [, shown = ''] = /```text\n(connectors\.json has [\s\S]*?)\n```/.exec(read('docs/configuration.md')) ?? [];
    expect(() => readSettings(JSON.stringify(faulty), 'connectors.json')).toThrow(shown);
    expect(shown).toContain('2 faults');
  });
});

describe('what npm run schema writes into docs/ is there', () => {
  it.each(generated())('$name', ({ is, shouldBe }) => {
    expect(is).toBe(shouldBe);
  });
});

function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
