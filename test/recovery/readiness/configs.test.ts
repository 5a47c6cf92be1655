import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { judgeFiles } from '../../../cli/check/judgeFiles.ts';
import type { JudgedFile } from '../../../cli/check/judgeFiles.ts';
import { subjectFromFile } from '../../../recovery/readiness/fromFile.ts';
import { judge } from '../../../recovery/readiness/judge.ts';
import { found } from './subjects.ts';

const folder = new URL('../../configs/', import.meta.url);

interface Expected {
  readonly file: string;
  /** Exactly these, each as rule, severity and where. */
  readonly rules: readonly string[];
  readonly restart: string;
  readonly recreation: string;
  /** Exactly these, without its context. */
  readonly alone: readonly string[];
}

/** What a MySQL source on MSK Connect with pinned offsets leaves open when nobody says what lies behind it. */
const openOnMsk = [
  'binlog-retention cannot-tell: binlogRetentionHours',
  'config-provider cannot-tell: workerProperties',
  'database-version cannot-tell: database',
  'mysql-on-mariadb cannot-tell: database',
  'pinned-offsets cannot-tell: workerProperties',
  'plugin-on-connect cannot-tell: pluginVersion',
  'renamed-settings cannot-tell: pluginVersion',
  'snapshot-mode cannot-tell: workerProperties',
];

/** The same on workers of one's own, which keep the offsets themselves. */
const openOnWorkers = [
  'binlog-retention cannot-tell: binlogRetentionHours',
  'config-provider cannot-tell: workerProperties',
  'heartbeats-off harms',
  'history-login cannot-tell: workerProperties',
  'database-version cannot-tell: database',
  'mysql-on-mariadb cannot-tell: database',
  'plugin-on-connect cannot-tell: connectVersion',
  'plugin-on-connect cannot-tell: pluginVersion',
  'renamed-settings cannot-tell: pluginVersion',
];

/** None of those files sets heartbeat.interval.ms, and none of their contexts says how long the binlog is kept. */
const besides = ['heartbeats-off harms heartbeat.interval.ms', 'binlog-retention cannot-tell binlogRetentionHours'];

const table: readonly Expected[] = [
  { file: 'saved/orders-good', rules: [], restart: 'yes', recreation: 'yes', alone: openOnMsk },
  {
    file: 'saved/orders-heartbeat',
    rules: [
      'pinned-offsets harms offset.storage.topic',
      'snapshot-mode harms snapshot.mode',
      'heartbeat-query harms heartbeat.action.query',
    ],
    restart: 'yes',
    recreation: 'at-a-price',
    // schema_only is a mode of some releases only.
    alone: [...openOnMsk, 'heartbeat-query harms', 'snapshot-mode cannot-tell: pluginVersion'],
  },
  {
    file: 'saved/orders-keepalive-off',
    rules: ['heartbeats-off harms heartbeat.interval.ms', 'keep-alive-off harms connect.keep.alive'],
    restart: 'yes',
    recreation: 'yes',
    alone: [...openOnMsk, 'heartbeats-off harms', 'keep-alive-off harms'],
  },
  {
    file: 'saved/orders-plaintext',
    rules: [
      'pinned-offsets harms offset.storage.topic',
      'snapshot-mode harms snapshot.mode',
      'plaintext-secret harms database.password',
    ],
    restart: 'yes',
    recreation: 'at-a-price',
    // Without a reference no provider is asked for.
    alone: [...openOnMsk.filter((line) => !line.startsWith('config-provider')), 'plaintext-secret harms'],
  },
  {
    file: 'saved/orders-history-login',
    rules: [
      'history-login blocks schema.history.internal.producer.*',
      'history-login blocks schema.history.internal.consumer.*',
    ],
    restart: 'no',
    recreation: 'no',
    alone: [...openOnMsk, 'history-login blocks'],
  },
  {
    file: 'saved/orders-reload',
    rules: ['provider-reload harms config.action.reload'],
    restart: 'yes',
    recreation: 'yes',
    alone: [...openOnMsk, 'provider-reload harms'],
  },
  {
    file: 'rest/mysql-1x-names',
    rules: [
      'renamed-settings blocks database.server.name',
      'renamed-settings blocks database.history.kafka.bootstrap.servers',
      'renamed-settings blocks database.history.kafka.topic',
      ...besides,
    ],
    restart: 'no',
    recreation: 'no',
    alone: openOnWorkers,
  },
  {
    file: 'rest/mysql-zone',
    rules: ['server-time-zone blocks database.connectionTimeZone', ...besides],
    restart: 'no',
    recreation: 'no',
    alone: [...openOnWorkers, 'server-time-zone cannot-tell: databaseTimeZone'],
  },
  {
    file: 'rest/mysql-new-connect',
    rules: ['plugin-on-connect blocks ', ...besides],
    restart: 'no',
    recreation: 'no',
    alone: openOnWorkers,
  },
  {
    file: 'rest/mysql-on-mariadb',
    rules: ['mysql-on-mariadb harms connector.class', ...besides],
    restart: 'cannot-tell',
    recreation: 'cannot-tell',
    alone: openOnWorkers,
  },
  {
    file: 'rest/postgres-mixed',
    rules: [
      'renamed-settings harms database.server.name',
      'filter-names harms table.whitelist',
      'topic-prefix harms topic.prefix',
    ],
    restart: 'yes',
    recreation: 'yes',
    alone: [
      'config-provider cannot-tell: workerProperties',
      'filter-names cannot-tell: pluginVersion',
      'plugin-on-connect cannot-tell: connectVersion',
      'plugin-on-connect cannot-tell: pluginVersion',
      'renamed-settings cannot-tell: pluginVersion',
      'topic-prefix harms',
    ],
  },
  {
    file: 'rest/jdbc-sink-topic',
    rules: ['sink-topics harms topics'],
    restart: 'yes',
    recreation: 'yes',
    alone: [
      'config-provider cannot-tell: workerProperties',
      'connector-class cannot-tell: pluginVersion',
      'plugin-on-connect cannot-tell: connectVersion',
      'plugin-on-connect cannot-tell: pluginVersion',
      'sink-topics cannot-tell: topics',
    ],
  },
];

describe('configurations with real-life mistakes', () => {
  it('there are twelve, and each has its row', () => {
    const files = ['saved', 'rest'].flatMap((room) =>
      readdirSync(new URL(room, folder))
        .filter((name) => !name.endsWith('.context.json'))
        .map((name) => `${room}/${name.replace('.json', '')}`),
    );
    expect(files).toHaveLength(12);
    expect(table.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
  });

  it.each(table)('$file: what is found, and nothing else', ({ file, rules, restart, recreation }) => {
    const judged = judgeOne(file);
    const lines = judged.findings.map(
      ({ rule, severity, where, needs }) => `${rule} ${severity} ${needs ?? where ?? ''}`,
    );
    expect(lines.toSorted()).toEqual([...rules].toSorted());
    expect(judged.ready).toBe(rules.length === 0);
    expect([judged.restart.kind, judged.recreation.kind]).toEqual([restart, recreation]);
  });

  it.each(table)('$file without its context: what cannot be told is said, and it is never ready', ({ file, alone }) => {
    const text = readFileSync(new URL(`${file}.json`, folder), 'utf8');
    const read = subjectFromFile(file, text, {}, 'it');
    const [judged] = 'subject' in read ? judge([read.subject]) : [];
    expect(found(judged?.findings ?? [])).toEqual([...new Set(alone)].toSorted());
    expect(judged?.ready).toBe(false);
    expect(judged?.findings.some(({ severity }) => severity === 'cannot-tell')).toBe(true);
  });

  it('judged all at once, each is what it is alone: files of one name are states of one connector', () => {
    const files = table.map(({ file }) => path(file));
    const together = judgeFiles(files);
    const one = (file: string) => judgeFiles([file]);
    expect(together.kind).toBe('judged');
    expect(together.kind === 'judged' && together.judged.map(({ ready }) => ready)).toEqual(
      files.map((file) => {
        const alone = one(file);
        return alone.kind === 'judged' && alone.judged[0]?.ready;
      }),
    );
  });
});

function path(file: string): string {
  return fileURLToPath(new URL(`${file}.json`, folder));
}

function judgeOne(file: string): JudgedFile {
  const result = judgeFiles([path(file)]);
  const [judged] = result.kind === 'judged' ? result.judged : [];
  if (judged === undefined) throw new Error(JSON.stringify(result));
  return judged;
}
