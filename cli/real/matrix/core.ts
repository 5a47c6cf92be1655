import { cellId, usual } from './cell.ts';
import type { Cell, CellOptions, CellRemedy } from './cell.ts';
import { expectationOf } from './expectations.ts';
import type { FailureId } from './failures.ts';
import type { VariantId } from './variants.ts';

/** Makes a cell; what is not named is as usual. */
export function cell(
  failure: FailureId,
  variant: VariantId,
  options: Partial<CellOptions> = {},
  remedy: CellRemedy = 'product',
): Cell {
  const made = { failure, variant, options: { ...usual, ...options }, remedy };
  return { id: cellId(made), ...made, expects: expectationOf(made) };
}

/** A cell that runs by default, and why it is worth its minutes. */
export interface CoreCell {
  readonly cell: Cell;
  readonly why: string;
}

const off = { keepAliveOff: true } as const;

/** At most 16 cells that, together, hold every promise of the product to something real. The longest comes first, so that it does not come last. */
export const core: readonly CoreCell[] = [
  {
    cell: cell('dropped-packets', 'mariadb-3.7', off, 'watch'),
    why: 'A proxy still acknowledges packets; only here does TCP itself see the loss, for longer than it retries.',
  },
  {
    cell: cell('half-open', 'mariadb-3.7', off),
    why: 'The failure that the product was written for, on the present version: a restart cures it.',
  },
  {
    cell: cell('half-open', 'mysql-2.7.1', off),
    why: 'The same on the old version, where only a deletion and a creation help: its position has to survive.',
  },
  {
    cell: cell('half-open', 'mysql-2.7.1', { ...off, pinned: false }, 'product-then-by-hand'),
    why: 'The gate of the offsets: the product refuses, and a person who does it all the same shows what it prevented.',
  },
  {
    cell: cell('half-open', 'mariadb-unsupported-3.7', off),
    why: 'The pairing that loses a row at a restart while every light is green: only a count by key shows it.',
  },
  {
    cell: cell('half-open', 'postgres-3.7', { heartbeats: true }),
    why: 'The other kind of source: no event clock, so the missing heartbeats have to prove it.',
  },
  {
    cell: cell('half-open', 'mariadb-3.7', { ...off, rowsPerSecond: 0 }),
    why: 'A connector that dies while nothing is written: only the database’s own beat can show it.',
  },
  {
    cell: cell('half-open', 'mariadb-3.7', { ...off, keepAliveSeconds: 10 }),
    why: 'How much sooner it is found where the owner lets the database beat every 8 s.',
  },
  {
    cell: cell('half-open', 'mariadb-3.7'),
    why: 'The same break with Debezium’s default keep-alive heals by itself: whoever acts too early does harm.',
  },
  {
    cell: cell('half-open', 'mysql-2.7.1'),
    why: 'The same on the old version, where acting too early would delete a connector that was about to heal.',
  },
  {
    cell: cell('hole-5min', 'mariadb-3.7'),
    why: 'The network is away for longer than detection takes: a restart cannot help, and the log can say so.',
  },
  {
    cell: cell('database-killed', 'mariadb-3.7'),
    why: 'An alarm while the database itself is down: people are to be told, and nothing touched.',
  },
  {
    cell: cell('database-stopped', 'mysql-2.7.1'),
    why: 'The same on the old version, where only a deletion could help: it must not be deleted while its database is away.',
  },
  {
    cell: cell('reset', 'mysql-2.7.1'),
    why: 'A task that is FAILED in Connect while MSK Connect says RUNNING.',
  },
  {
    cell: cell('reset', 'mariadb-3.7'),
    why: 'The same break heals by itself on the present version within seconds.',
  },
  {
    cell: cell('idle', 'mariadb-3.7'),
    why: 'Nothing is wrong: no heartbeats, no rows, no commits for ten minutes, and it must never be touched.',
  },
];
