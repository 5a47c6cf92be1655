import type { Cell, ImpossibleCell } from './cell.ts';
import { cell, core } from './core.ts';
import type { FailureId } from './failures.ts';
import { variants } from './variants.ts';
import type { VariantId } from './variants.ts';

const off = { keepAliveOff: true } as const;
const binlog: readonly VariantId[] = ['mysql-2.7.1', 'mariadb-3.7', 'mariadb-unsupported-3.7'];
const supported: readonly VariantId[] = ['mysql-2.7.1', 'mariadb-3.7', 'postgres-3.7', 'jdbc-sink-3.7'];

function halfOpen(): Cell[] {
  const each = binlog.flatMap((variant) => [
    cell('half-open', variant, off, 'watch'),
    cell('half-open', variant, off),
    cell('half-open', variant, off, 'restart'),
    cell('half-open', variant, off, 'recreate'),
    cell('half-open', variant, {}, 'watch'),
    cell('half-open', variant),
  ]);
  const set = (['mysql-2.7.1', 'mariadb-3.7'] as const).flatMap((variant) => [
    cell('half-open', variant, { ...off, rowsPerSecond: 0 }),
    cell('half-open', variant, { ...off, heartbeats: true }),
    cell('half-open', variant, { ...off, keepAliveSeconds: 10 }),
    cell('half-open', variant, { keepAliveSeconds: 10 }),
    cell('half-open', variant, { ...off, tls: true }),
    cell('half-open', variant, { tls: true }),
  ]);
  return [
    ...each,
    ...set,
    cell('half-open', 'mysql-2.7.1', { ...off, pinned: false }, 'product-then-by-hand'),
    // A restart keeps the position, pinned or not.
    cell('half-open', 'mariadb-3.7', { ...off, pinned: false }),
    ...[false, true].map((nongracefulDisconnect) =>
      cell('half-open', 'mariadb-unsupported-3.7', { ...off, nongracefulDisconnect }),
    ),
    ...[false, true].flatMap((heartbeats) => [
      cell('half-open', 'postgres-3.7', { heartbeats }, 'watch'),
      cell('half-open', 'postgres-3.7', { heartbeats }),
    ]),
    cell('half-open', 'postgres-3.7', { heartbeats: true }, 'restart'),
    cell('half-open', 'postgres-3.7', { heartbeats: true }, 'recreate'),
    cell('half-open', 'postgres-3.7', { heartbeats: true, rowsPerSecond: 0 }),
    cell('half-open', 'jdbc-sink-3.7', {}, 'watch'),
    cell('half-open', 'jdbc-sink-3.7'),
  ];
}

function dropped(): Cell[] {
  return [
    ...(['mysql-2.7.1', 'mariadb-3.7'] as const).flatMap((variant) => [
      cell('dropped-packets', variant, off, 'watch'),
      cell('dropped-packets', variant, {}, 'watch'),
    ]),
    cell('dropped-packets', 'postgres-3.7', { heartbeats: true }, 'watch'),
    cell('dropped-packets', 'jdbc-sink-3.7', {}, 'watch'),
  ];
}

/** Watched once without an act, and once with the product as it is. */
function both(failure: FailureId, where: readonly VariantId[]): Cell[] {
  return where.flatMap((variant) => {
    // What a PostgreSQL source shows without heartbeats proves nothing, so its owner is told to switch them on.
    const options = variant === 'postgres-3.7' ? { heartbeats: true } : {};
    return [cell(failure, variant, options, 'watch'), cell(failure, variant, options)];
  });
}

function idle(): Cell[] {
  return (['mysql-2.7.1', 'mariadb-3.7', 'postgres-3.7'] as const).flatMap((variant) => [
    cell('idle', variant),
    cell('idle', variant, { heartbeats: true }),
    ...(variants[variant].hasKeepAlive ? [cell('idle', variant, off)] : []),
  ]);
}

/** Every cell, the core first; each once. */
export const cells: readonly Cell[] = [
  ...new Map(
    [
      ...core.map((one) => one.cell),
      ...halfOpen(),
      ...dropped(),
      ...both('hole-30s', supported),
      ...both('hole-60s', supported),
      ...both('hole-5min', supported),
      cell('hole-5min', 'mysql-2.7.1', off),
      cell('hole-5min', 'mariadb-3.7', off),
      ...both('reset', [...supported, 'mariadb-unsupported-3.7']),
      ...both('database-stopped', supported),
      ...both('database-killed', supported),
      ...both('database-hangs', supported),
      ...both('failover', ['mysql-2.7.1', 'mariadb-3.7']),
      ...both('binlog-purged', ['mysql-2.7.1', 'mariadb-3.7']),
      ...both('broker-hangs', supported),
      ...both('broker-stopped', supported),
      ...both('worker-killed', supported),
      ...both('task-exception', ['mysql-2.7.1', 'mariadb-3.7', 'postgres-3.7']),
      ...both('password-changed', supported),
      ...idle(),
      cell('idle', 'jdbc-sink-3.7'),
    ].map((one) => [one.id, one]),
  ).values(),
];

/** What the table would have a place for, and nobody can run. */
export const impossible: readonly ImpossibleCell[] = [
  na(
    'half-open',
    'postgres-3.7',
    'connect.keep.alive',
    'it belongs to the binlog client; here there is TCP keep-alive only, which the kernel begins after two hours',
  ),
  na(
    'half-open',
    'jdbc-sink-3.7',
    'connect.keep.alive',
    'it belongs to the binlog client; a sink writes through a JDBC driver',
  ),
  na('half-open', 'mysql-2.7.1', 'use.nongraceful.disconnect', 'Debezium 1.9.7 does not know it'),
  na('half-open', 'mariadb-3.7', 'use.nongraceful.disconnect', 'Debezium 2.6.2 does not know it; it came with 2.7'),
  na('half-open', 'postgres-3.7', 'use.nongraceful.disconnect', 'it is an option of the MySQL connector'),
  na(
    'failover',
    'postgres-3.7',
    'any',
    'its position is a replication slot, and there are no binlog coordinates to differ',
  ),
  na('failover', 'jdbc-sink-3.7', 'any', 'a sink reads no binlog; its position lies in Kafka'),
  na(
    'binlog-purged',
    'postgres-3.7',
    'any',
    'the slot keeps the log for it: the server does not purge what a slot has not read',
  ),
  na('binlog-purged', 'jdbc-sink-3.7', 'any', 'a sink reads no binlog'),
  na(
    'task-exception',
    'jdbc-sink-3.7',
    'any',
    'it is brought about by a broker that refuses records, and a sink writes none',
  ),
  na('idle', 'jdbc-sink-3.7', 'heartbeats', 'a sink has none'),
];

function na(failure: FailureId, variant: VariantId, what: string, why: string): ImpossibleCell {
  return {
    id: `${failure}-${variant}-${what.replaceAll('.', '-')}`,
    failure,
    variant,
    why: what === 'any' ? why : `${what}: ${why}`,
  };
}
