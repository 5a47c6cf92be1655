import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isCommit, lastWords, LineCounter } from '../../../../local/connect/real/logLines.ts';

describe('a line that says that offsets were committed', () => {
  const task = '[2026-11-21 02:34:01,869] INFO [orders-cdc|task-0|offsets] WorkerSourceTask{id=orders-cdc-0}';
  const sinkTask = '[2026-11-21 02:34:01,869] INFO [copy|task-0] WorkerSinkTask{id=copy-0}';
  test.for([
    ['2.7.1', false, `${task} Finished commitOffsets successfully in 2 ms (o.W:583)`, true],
    ['2.7.1', false, `${task} Committing offsets (o.W:485)`, false],
    ['2.7.1', false, `${task} flushing 0 outstanding messages for offset commit (o.W:502)`, false],
    ['3.7.x', false, `${task} Committing offsets for 12 acknowledged messages (o.W:233)`, true],
    ['3.7.x', false, `${task} Committing offsets for 0 acknowledged messages (o.W:233)`, false],
    ['3.7.x', false, `${task} Finished commitOffsets successfully in 2 ms (o.W:583)`, false],
    ['2.7.1', true, `${sinkTask} Committing offsets asynchronously using sequence number 3: {} (o.W:349)`, true],
    ['3.7.x', true, `${sinkTask} Committing offsets asynchronously using sequence number 3: {} (o.W:349)`, false],
  ] as const)('on %s, sink: %s: %s', ([version, sink, line, expected]) => {
    expect(isCommit(line, version, sink)).toBe(expected);
  });

  test.for([
    ['2.7.1', 'mysql-half-open-connect-2.7.1.log', 4],
    ['3.7.x', 'mysql-idle-heartbeats-connect-3.7.1.log', 4],
  ] as const)('is found in what %s really wrote', ([version, file, commits]) => {
    const counter = new LineCounter(version, false);
    const recorded = readFileSync(new URL(`../../../recordings/${file}`, import.meta.url), 'utf8');
    for (const line of recorded.split('\n')) counter.add(line.replace('[Worker-0] ', ''));
    expect(counter.counts.commits).toBe(commits);
  });
});

test('errors and warnings are counted by their level, not by their words', () => {
  const counter = new LineCounter('3.7.x', false);
  for (const line of [
    '[2026-11-21 02:34:01,869] ERROR [orders-cdc|task-0] Producer failure (io.debezium.pipeline.ErrorHandler:52)',
    'java.net.SocketException: ERROR Connection reset',
    '[2026-11-21 02:34:01,869] INFO no ERROR at all (x.Y:1)',
    '[2026-11-21 02:34:01,869] WARN one (x.Y:1)',
    'WARNING: keepalive: Failed to restore connection to 127.0.0.1:3306. Next attempt in 60000ms',
  ]) {
    counter.add(line);
  }
  expect(counter.counts).toEqual({ commits: 0, errors: 1, warnings: 1 });
});

describe('the last words of a worker', () => {
  const info = '[2026-11-21 02:34:01,869] INFO fine (x.Y:1)';
  test('begin at its last error', () => {
    const error = '[2026-11-21 02:34:01,869] ERROR Stopping due to error (x.Y:1)';
    const trace = [
      'ConnectException: no REST server',
      '\tat x',
      '\tat y',
      'Caused by: BindException: in use',
      '\tat z',
    ];
    expect(lastWords([info, error, ...trace, '\t... 2 more', 'Caused by: in use'])).toBe(
      `${error} ConnectException: no REST server Caused by: BindException: in use Caused by: in use`,
    );
  });
  test('are its last five lines without an error', () => {
    expect(lastWords(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('b c d e f');
  });
});
