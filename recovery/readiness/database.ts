import type { Fact } from './subject.ts';

/** The products that rules tell apart; a fork or a service counts as what it speaks (Aurora MySQL is `mysql`). */
export type DatabaseProduct = 'mysql' | 'mariadb' | 'postgresql' | 'other';

/** The product that a person names, as in `mariadb 10.11` or `10.11.6-MariaDB`; `undefined` while nobody says. */
export function productOf(database: Fact<string>): DatabaseProduct | undefined {
  if (database.kind === 'unknown') return undefined;
  const name = database.value.toLowerCase();
  // MariaDB first: it calls itself MySQL here and there.
  if (name.includes('maria')) return 'mariadb';
  if (name.includes('mysql') || name.includes('percona')) return 'mysql';
  return name.includes('postgres') ? 'postgresql' : 'other';
}
