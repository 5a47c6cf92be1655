import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';

/** Where nothing listens: a client that is not given the services of this machine reaches nothing. */
const environment = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

/**
 * For the tests of the file that calls it: an environment in which no client finds AWS, and a folder for what is synthesized, removed after the
 * last. To be called before other hooks are registered. Gives the folder.
 */
export function awayFromAws(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  beforeAll(() => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
