import { describe, expect, it } from 'vitest';
import { play, type Play } from '../../../cli/demonstration/play.ts';
import type { Part, Stage } from '../../../cli/demonstration/stage.ts';
import { Watch } from '../../../cli/demonstration/watch.ts';

const cast: readonly Part[] = [
  { name: 'orders-cdc', about: 'a source', fate: 'half-open', expect: 'restarted' },
  { name: 'archive-cdc', about: 'a source', fate: 'idle', expect: 'left alone' },
];

/** A stage whose time goes on by 10 s with each look, and on which nothing else happens. */
function emptyStage(saved: (atSeconds: number) => number) {
  let atMs = 0;
  const struck: string[] = [];
  const answers: Readonly<Record<string, () => object>> = {
    DescribeAlarms: () => ({ MetricAlarms: [] }),
    FilterLogEvents: () => ({ events: [] }),
    ListConnectors: () => {
      atMs += 10_000;
      return { connectors: cast.map(({ name }) => ({ connectorName: name, connectorState: 'RUNNING' })) };
    },
    ListObjectsV2: () => ({ Contents: Array.from({ length: saved(atMs / 1000) }) }),
  };
  const service = { call: (operation: string) => Promise.resolve(answers[operation]?.()), inbox: () => [] };
  const stage: Stage = {
    clock: { now: () => atMs },
    aws: { cloudwatch: service, logs: service, connect: service, s3: service, sns: service } as unknown as Stage['aws'],
    stackName: 'stack',
    bucket: 'bucket',
    functionLogGroup: '/aws/lambda/recovery',
    rows: () => Promise.resolve({ written: 0, arrived: 0, duplicated: 0, lost: 0, waiting: 0 }),
    strike: (name, fate) => void struck.push(`${name} ${fate} at ${atMs / 1000} s`),
  };
  const said: string[] = [];
  const run = (otherwise: Partial<Play>): Promise<void> =>
    play({
      stage,
      cast,
      watch: new Watch(stage, cast, () => undefined),
      screen: {
        tell: () => undefined,
        write: () => undefined,
        progress: (_, lines) => void said.push(lines.join('; ')),
        close: () => undefined,
      },
      signal: new AbortController().signal,
      healthySeconds: 60,
      longestSeconds: 100,
      lookEveryMs: 0,
      settled: () => false,
      ...otherwise,
    });
  return { run, struck, said, nowSeconds: () => atMs / 1000 };
}

describe('a run', () => {
  it('breaks nothing before the configurations are saved and the connectors have been healthy for a while', async () => {
    const { run, struck } = emptyStage((atSeconds) => (atSeconds >= 50 ? 2 : 1));
    await run({ settled: () => true });
    expect(struck).toEqual(['orders-cdc half-open at 110 s', 'archive-cdc idle at 110 s']);
  });

  it('waits for the monitoring to say so too, where it is asked', async () => {
    const { run, struck, said } = emptyStage(() => 2);
    let looks = 0;
    await run({ settled: () => true, healthySeconds: 0, seenHealthy: () => Promise.resolve((looks += 1) > 3) });
    expect(struck).toEqual(['orders-cdc half-open at 60 s', 'archive-cdc idle at 60 s']);
    expect(said).toContain('waiting until every alarm has seen data and is OK');
  });

  it('gives up what does not settle', async () => {
    const { run, nowSeconds } = emptyStage(() => 2);
    await run({ healthySeconds: 0, longestSeconds: 100 });
    expect(nowSeconds()).toBe(130);
  });

  it('says of each connector what it does, and what else is known of it', async () => {
    const { run, said } = emptyStage(() => 2);
    await run({ healthySeconds: 0, aside: (name) => `the worker of ${name} says RUNNING` });
    expect(said.at(-1)).toBe(
      'orders-cdc: RUNNING, silent (the worker of orders-cdc says RUNNING); archive-cdc: RUNNING, silent (the worker of archive-cdc says RUNNING)',
    );
  });

  it('ends when it is interrupted', async () => {
    const { run, struck } = emptyStage(() => 0);
    const interrupted = new AbortController();
    interrupted.abort(new Error('Interrupted.'));
    await expect(run({ signal: interrupted.signal })).rejects.toThrow('Interrupted.');
    expect(struck).toEqual([]);
  });
});
