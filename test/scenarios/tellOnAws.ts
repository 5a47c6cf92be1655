import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { departures } from './departures.ts';
import { LambdaEdge } from './lambdaEdge.ts';
import type { Story } from './story.ts';

/** Two weeks of a past take seconds. */
const longestMs = 60_000;

/** A test for each story: it is played on AWS's services, and ends as it says. */
export function tellOnAws(stories: readonly Story[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
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

  describe('on AWS', () => {
    it.each(stories.map((story) => [story.name, story] as const))(
      '%s',
      async (_name, story) => {
        expect(departures(story, await edge.run(story))).toEqual([]);
      },
      longestMs,
    );
  });
}
