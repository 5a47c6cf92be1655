import type { Fact } from './subject.ts';

/** The products that rules tell apart; a fork or a service counts as what it speaks (Aurora MySQL is `mysql`). */
export type DatabaseProduct = 'mysql' | 'mariadb' | 'postgresql' | 'other';

/** The products whose connectors are told apart by `namedDatabase`. */
export type NamedDatabase = 'mysql' | 'mariadb' | 'postgresql' | 'sqlserver' | 'oracle' | 'mongodb';

const names: Readonly<Record<NamedDatabase, RegExp>> = {
  mysql: /mysql/,
  mariadb: /maria/,
  postgresql: /postgres/,
  sqlserver: /sql ?server|mssql/,
  oracle: /oracle/,
  mongodb: /mongo/,
};

/** The one product that a person's words name; `undefined` where they name none of these, or two (`Oracle MySQL`), or nobody says. */
export function namedDatabase(database: Fact<string>): NamedDatabase | undefined {
  if (database.kind === 'unknown') return undefined;
  const words = database.value.toLowerCase();
  const named = (Object.keys(names) as NamedDatabase[]).filter((product) => names[product].test(words));
  return named.length === 1 ? named[0] : undefined;
}

/** The product that a person names, as in `mariadb 10.11` or `10.11.6-MariaDB`; `undefined` while nobody says. */
export function productOf(database: Fact<string>): DatabaseProduct | undefined {
  if (database.kind === 'unknown') return undefined;
  const name = database.value.toLowerCase();
  // MariaDB first: it calls itself MySQL here and there.
  if (name.includes('maria')) return 'mariadb';
  if (name.includes('mysql') || name.includes('percona')) return 'mysql';
  return name.includes('postgres') ? 'postgresql' : 'other';
}
