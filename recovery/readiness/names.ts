import type { Debezium } from './family.ts';

/** One setting under the name that Debezium 1.x reads and the one that 2.0 and later read. */
export interface Renamed {
  readonly old: string;
  readonly now: string;
  /** Without it the connector is refused, or its task dies. */
  readonly required?: true;
  /** Late releases of 1.x read the present name too. */
  readonly readBefore?: true;
}

/**
 * The settings that Debezium 2.0 gave another name, of a connector. The history's are renamed by their beginning alone.
 * @see https://debezium.io/blog/2022/10/17/debezium-2-0-final-released/
 */
export function renamed({ family, traits }: Debezium): readonly Renamed[] {
  return [
    { old: family === 'mongodb' ? 'mongodb.name' : 'database.server.name', now: 'topic.prefix', required: true },
    ...(family === 'sqlserver'
      ? [{ old: 'database.dbname', now: 'database.names', required: true, readBefore: true } as const]
      : []),
    ...(family === 'mysql'
      ? [{ old: 'database.serverTimezone', now: 'database.connectionTimeZone', readBefore: true as const }]
      : []),
    ...(traits.history
      ? historyKeys.map(({ key, required }): Renamed => {
          const end = key === '' ? '' : `.${key}`;
          return { old: `database.history${end}`, now: `schema.history.internal${end}`, ...(required && { required }) };
        })
      : []),
  ];
}

const historyKeys: readonly { readonly key: string; readonly required?: true }[] = [
  { key: '' },
  { key: 'kafka.bootstrap.servers', required: true },
  { key: 'kafka.topic', required: true },
];

/** What filters were called before 1.3, and are not called any more since 2.0. */
export const filters: readonly { readonly old: string; readonly now: string; readonly what: string }[] = [
  'database',
  'schema',
  'table',
  'column',
  'collection',
  'field',
].flatMap((what) =>
  [
    { old: 'whitelist', now: 'include.list' },
    { old: 'blacklist', now: 'exclude.list' },
  ].map(({ old, now }) => ({ old: `${what}.${old}`, now: `${what}.${now}`, what })),
);
