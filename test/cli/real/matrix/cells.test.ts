import { describe, expect, it } from 'vitest';
import { cell, core } from '../../../../cli/real/matrix/core.ts';
import { cells, impossible } from '../../../../cli/real/matrix/table.ts';
import { failures } from '../../../../cli/real/matrix/failures.ts';
import { variants } from '../../../../cli/real/matrix/variants.ts';

const recreation = ['DeleteConnector', 'CreateConnector'];

describe('the core', () => {
  it('has at most 16 cells, each once, each with its reason', () => {
    expect(core.length).toBeLessThanOrEqual(16);
    expect(new Set(core.map((one) => one.cell.id)).size).toBe(core.length);
    for (const { why } of core) expect(why).toMatch(/\w.*\.$/);
  });

  it('holds both versions, both kinds of source, idleness, the unsupported pairing and lost packets', () => {
    expect(core.map((one) => one.cell.id)).toEqual(
      expect.arrayContaining([
        'half-open-mariadb-3.7-no-keepalive-product',
        'half-open-mysql-2.7.1-no-keepalive-product',
        'half-open-postgres-3.7-heartbeats-product',
        'half-open-mariadb-unsupported-3.7-no-keepalive-product',
        'dropped-packets-mariadb-3.7-no-keepalive-watch',
        'idle-mariadb-3.7-product',
        'half-open-mysql-2.7.1-no-keepalive-unpinned-product-then-by-hand',
      ]),
    );
  });
});

describe('all cells', () => {
  it('have names of their own, and the core comes first', () => {
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
    expect(cells.slice(0, core.length).map(({ id }) => id)).toEqual(core.map((one) => one.cell.id));
  });

  it('hold every failure on every connector, or say why it cannot be', () => {
    const missing = Object.keys(failures).flatMap((failure) =>
      Object.keys(variants)
        .filter((variant) => variant !== 'mariadb-unsupported-3.7')
        .filter(
          (variant) =>
            !cells.some((one) => one.failure === failure && one.variant === variant) &&
            !impossible.some((one) => one.failure === failure && one.variant === variant),
        )
        .map((variant) => `${failure} ${variant}`),
    );
    expect(missing).toEqual([]);
  });

  it('a cell that only watches expects no act', () => {
    const watched = cells.filter(({ remedy }) => remedy === 'watch');
    expect(watched.length).toBeGreaterThan(10);
    for (const { expects } of watched) expect(expects.acts).toEqual([[]]);
  });

  it.each(cells.filter(({ failure }) => failure === 'idle'))('$id: not touched, whatever happens', ({ expects }) => {
    expect(expects.acts).toEqual([[]]);
  });

  it.each(cells.filter(({ expects }) => expects.healsByItself === true))(
    '$id heals, so it is not deleted',
    ({ expects }) => {
      expect(expects.acts).not.toContainEqual(recreation);
    },
  );

  it('no row may be lost but by the pairing that is not supported, and where the log itself is gone', () => {
    const losing = cells.filter(({ expects }) => expects.lost.most > 0);
    expect(
      new Set(losing.map(({ failure, variant }) => (variant === 'mariadb-unsupported-3.7' ? variant : failure))),
    ).toEqual(new Set(['mariadb-unsupported-3.7', 'failover', 'binlog-purged']));
    for (const { expects } of losing) expect(expects.lost.because).toMatch(/\w/);
  });
});

describe('what must come about', () => {
  it.each([
    { what: 'a row a second', options: {}, seconds: 180 },
    { what: 'idle', options: { rowsPerSecond: 0 as const }, seconds: 300 },
    { what: 'an interval of 10 s', options: { keepAliveSeconds: 10 }, seconds: 120 },
  ])('half open with $what: found within $seconds s, and not touched before 110 s', ({ options, seconds }) => {
    const { expects } = cell('half-open', 'mariadb-3.7', { keepAliveOff: true, ...options });
    expect(expects).toMatchObject({
      detectedWithinSeconds: seconds,
      notBeforeSeconds: 110,
      acts: [['RestartConnector']],
      verdict: 'dead',
      outcome: 'recovered',
      lost: { least: 0, most: 0 },
    });
  });

  it('on 2.7.1 the same is recreated, once', () => {
    expect(cell('half-open', 'mysql-2.7.1', { keepAliveOff: true }).expects.acts).toEqual([recreation]);
  });

  it('with keep-alive on it heals and is not touched', () => {
    expect(cell('half-open', 'mysql-2.7.1').expects).toMatchObject({
      acts: [[]],
      healsByItself: true,
      neverVerdict: 'dead',
    });
  });

  it('where offsets are not pinned the product refuses', () => {
    const { expects } = cell('half-open', 'mysql-2.7.1', { keepAliveOff: true, pinned: false }, 'product-then-by-hand');
    expect(expects).toMatchObject({ acts: [[]], outcome: 'refused' });
  });

  it('PostgreSQL without heartbeats is never found dead', () => {
    expect(cell('half-open', 'postgres-3.7').expects).toMatchObject({ acts: [[]], neverVerdict: 'dead' });
  });

  it.each([
    { which: cell('database-stopped', 'mysql-2.7.1'), acts: [[], recreation, [...recreation, ...recreation]] },
    { which: cell('database-stopped', 'postgres-3.7', { heartbeats: true }), acts: [[], ['RestartConnector']] },
  ])('$which.id: not touched before its database is back, after 300 s', ({ which, acts }) => {
    expect(which.expects).toMatchObject({ acts, notBeforeSeconds: 300, dataFlows: true });
  });

  it('MariaDB on 3.7 lives through its database being away, so it is not touched', () => {
    expect(cell('database-killed', 'mariadb-3.7').expects).toMatchObject({ acts: [[]], healsByItself: true });
  });
});
