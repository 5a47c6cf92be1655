import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { departures } from './departures.ts';
import { LambdaEdge } from './lambdaEdge.ts';
import { manyAtOnce } from './manyAtOnce.ts';

const folder = mkdtempSync(join(tmpdir(), 'many-at-once-'));
const edge = new LambdaEdge(folder);
beforeAll(() => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('many connectors of a stack silent at once', () => {
  it.each(manyAtOnce.map((story) => [story.name, story] as const))('%s', { timeout: 60_000 }, async (_name, story) => {
    const ending = await edge.run(story);
    expect(departures(story, ending)).toEqual([]);
    const ofTheStack = ending.messages.filter(({ of }) => of.includes('connectors'));
    expect(ofTheStack.map(({ of, news }) => `${of}: ${news}`)).toEqual(story.heardOfTheStack);
  });
});
