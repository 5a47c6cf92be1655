import { expect, test } from 'vitest';
import { WorkerLog } from '../../../../cli/real/tls/workerLog.ts';

const info = '[2026-11-21 07:30:43,605] INFO [tls13|task-0] Keepalive thread is running (io.debezium:969)';
const warning = '[2026-11-21 07:36:23,214] WARN [tls13|task-0] Coordinator did not stop in time (io.debezium:320)';
const client = 'INFO: Keepalive: Trying to restore lost connection to 127.0.0.1:17396';

test('what a worker wrote is counted, and what tells of trouble is shown', () => {
  const log = new WorkerLog();
  for (const line of [info, warning, client]) log.hear('TLSv1.3', line);

  expect(log.take('TLSv1.3')).toEqual([
    'its log: 3 lines, 2 of them warnings, errors or words of the binlog client',
    `  ${warning}`,
    `  ${client}`,
  ]);
});

test('a silence is one of that worker and since the last time', () => {
  const log = new WorkerLog();
  log.hear('TLSv1.3', warning);
  log.take('TLSv1.3');
  log.hear('TLSv1.2', warning);

  expect(log.take('TLSv1.3')).toEqual(['its log: 0 lines, 0 of them warnings, errors or words of the binlog client']);
});

test('a thread dump is not of the log', () => {
  const log = new WorkerLog();
  for (const line of ['"main" #1 prio=5', '\tat java.lang.Thread.run(Thread.java:840)']) log.hear('TLSv1.3', line);

  expect(log.take('TLSv1.3')[0]).toMatch(/^its log: 0 lines/);
});

test('of much only the first and the last is shown', () => {
  const log = new WorkerLog();
  for (let n = 1; n <= 20; n += 1) log.hear('TLSv1.3', `SEVERE: ${n}`);

  expect(log.take('TLSv1.3').slice(1)).toEqual([
    ...['SEVERE: 1', 'SEVERE: 2', 'SEVERE: 3', 'SEVERE: 4', '... 12 more ...'].map((line) => `  ${line}`),
    ...['SEVERE: 17', 'SEVERE: 18', 'SEVERE: 19', 'SEVERE: 20'].map((line) => `  ${line}`),
  ]);
});
