import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const configs = join(root, 'test/configs');
const folder = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

function check(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'cli/check.ts'), ...args], { cwd: folder }, (error, out, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, error: stderr });
    });
  });
}

const good = join(configs, 'saved/orders-good.json');
const plain = join(configs, 'saved/orders-plaintext.json');

describe('npm run check -- FILE', () => {
  it('ends with 0 and says so where all is ready', async () => {
    const { code, out, error } = await check(good);
    expect([code, error]).toEqual([0, '']);
    expect(out).toBe(
      [
        `READY      orders-cdc (MSK Connect, ${good})`,
        '  would a restart help it?            yes',
        '  could it be deleted and recreated?  yes, and nothing would be lost',
        '',
        'It is ready.',
        '',
      ].join('\n'),
    );
  });

  it('ends with 1 where something would go wrong, with its severity, reason and cure in 100 columns', async () => {
    const { code, out } = await check(plain);
    expect(code).toBe(1);
    expect(out).toContain('NOT READY  orders-cdc');
    expect(out).toMatch(/SEVERITY +WHAT, AND WHAT IT LEADS TO +CURE/);
    expect(out).toMatch(/HARMS +database\.password holds a secret in plain text/);
    expect(out).not.toContain('example-only');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('ends with 1, never with 0, where the context is missing', async () => {
    const alone = join(folder, 'alone.json');
    copyFileSync(good, alone);
    const { code, out } = await check(alone);
    expect(code).toBe(1);
    expect(out).toMatch(/CANNOT TELL +needs pluginVersion/);
    expect(out).not.toMatch(/^READY/m);
  });

  it('takes another context, and several files at once', async () => {
    const other = join(folder, 'other.json');
    copyFileSync(good, other);
    const context = join(configs, 'saved/orders-good.context.json');
    expect((await check(other, '--context', context)).code).toBe(0);
    const { code, out } = await check(other, good, plain, '--context', context);
    expect(code).toBe(1);
    expect(out).toContain('2 of 3 ready.');
  });

  it('leaves out the contexts that a shell spreads', async () => {
    const { code } = await check(good, join(configs, 'saved/orders-good.context.json'));
    expect(code).toBe(0);
  });

  it('gives machines a shape that stays', async () => {
    const { code, out } = await check(plain, '--json');
    expect(code).toBe(1);
    const document = JSON.parse(out) as Record<string, unknown>;
    expect(Object.keys(document)).toEqual(['schema', 'ready', 'connectors', 'faults', 'rules']);
    expect(document).toMatchObject({
      schema: 1,
      ready: false,
      faults: [],
      connectors: [
        {
          file: plain,
          name: 'orders-cdc',
          platform: 'msk-connect',
          ready: false,
          restart: { kind: 'yes', because: [] },
          recreation: { kind: 'at-a-price' },
        },
      ],
    });
    const { findings } = (document['connectors'] as { findings: Record<string, unknown>[] }[])[0] ?? { findings: [] };
    expect(findings.at(-1)).toEqual({
      rule: 'plaintext-secret',
      severity: 'harms',
      where: 'database.password',
      found: 'database.password holds a secret in plain text',
      leadsTo: 'it lies in S3 and in every description of the connector',
      cure: expect.any(String) as string,
      affects: [],
    });
  });

  it('ends with 2 and every fault of every file at once where something is unreadable', async () => {
    const [broken, shape] = [join(folder, 'broken.json'), join(folder, 'shape.json')];
    writeFileSync(broken, '{"name": ');
    writeFileSync(shape, '{"name": "a", "config": {"tasks.max": []}}');
    const missing = join(folder, 'missing.json');
    const { code, out, error } = await check(good, broken, shape, missing);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(`${broken}: `);
    expect(error).toContain('found something that is not JSON, expected a JSON object');
    expect(error).toContain(`${shape}: config.tasks.max: found a list, expected a text`);
    expect(error).toContain(`${shape}: config.connector.class: found nothing, expected the connector’s class`);
    expect(error).toContain(`${missing}: the file: found no such file, expected a JSON file`);
    const json = await check(missing, '--json');
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject({
      schema: 1,
      ready: false,
      connectors: [],
      faults: [{ file: missing }],
    });
  });

  it('ends with 2 where a context that is named is missing or wrong', async () => {
    expect((await check(good, '--context', join(folder, 'none.json'))).code).toBe(2);
    const wrong = join(folder, 'wrong.context.json');
    writeFileSync(wrong, '{"topics": "orders"}');
    const { code, error } = await check(good, '--context', wrong);
    expect(code).toBe(2);
    expect(error).toContain(`${wrong}: topics: found a text, expected a list of topic names`);
  });

  it('says which fields of a context no rule reads', async () => {
    const odd = join(folder, 'odd.context.json');
    writeFileSync(odd, '{"plugin": "2.7.4.Final"}');
    const { code, error } = await check(good, '--context', odd);
    expect(code).toBe(1);
    expect(error).toBe(`${odd}: no rule reads plugin\n`);
  });

  it('ends with 2 without FILE where there is no connectors.json, and on a context without FILE', async () => {
    expect(await check()).toEqual({
      code: 2,
      out: '',
      error: 'connectors.json: the file: found no such file, expected the connectors that are deployed\n',
    });
    expect((await check('--context', good)).code).toBe(2);
  });

  it('ends with 2 on an option that it does not know', async () => {
    expect((await check(good, '--jason')).code).toBe(2);
  });
});
