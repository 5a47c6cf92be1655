import { describe, expect, it } from 'vitest';
import type { Family } from '../../../recovery/readiness/family.ts';
import { writtenBy } from '../../../recovery/readiness/sql.ts';

const rows: readonly (readonly [query: string, family: Family, 'writes' | 'nothing' | 'unknown'])[] = [
  ['SELECT 1', 'mysql', 'nothing'],
  ['select 1;', 'mysql', 'nothing'],
  ['  SeLeCt\n 1 ; ', 'postgresql', 'nothing'],
  ['/* beat */ SELECT 1', 'mysql', 'nothing'],
  ['-- INSERT INTO beat VALUES (1)\nSELECT 1', 'mysql', 'nothing'],
  ['SELECT 1 # INSERT INTO beat VALUES (1)', 'mysql', 'nothing'],
  ["SELECT 'INSERT INTO beat VALUES (1)'", 'mysql', 'nothing'],
  ["SELECT 'it''s; INSERT INTO beat VALUES (1)'", 'postgresql', 'nothing'],
  ['SELECT $$INSERT INTO beat VALUES (1); $$', 'postgresql', 'nothing'],
  ['SELECT `insert` FROM `update`', 'mysql', 'nothing'],
  ['SELECT NOW(), VERSION(), COUNT(*) FROM shop.beat WHERE id IN (1, 2)', 'mysql', 'nothing'],
  ['SELECT * FROM shop.beat FOR UPDATE', 'mysql', 'nothing'],
  ['(SELECT 1)', 'mysql', 'nothing'],
  ['SHOW MASTER STATUS', 'mysql', 'nothing'],
  ['SET @a = 1', 'mysql', 'nothing'],
  ['WITH a AS (SELECT 1) SELECT * FROM a', 'postgresql', 'nothing'],
  ['BEGIN; SELECT 1; COMMIT', 'postgresql', 'nothing'],
  ['SELECT id INTO @a FROM beat', 'mysql', 'nothing'],
  ['SELECT pg_is_in_recovery()', 'postgresql', 'nothing'],
  ['-- nothing at all', 'postgresql', 'nothing'],
  ["SELECT pg_logical_emit_message(true, 'beat', 'x')", 'postgresql', 'writes'],
  ["/* a */ SELECT pg_catalog.pg_logical_emit_message ( false, 'beat', now()::text )", 'postgresql', 'writes'],
  ["SELECT pg_logical_emit_message(true, 'beat', 'x')", 'mysql', 'unknown'],
  ["SELECT 'pg_logical_emit_message(1)'", 'postgresql', 'nothing'],
  ['INSERT INTO shop.beat (id, at) VALUES (1, NOW()) ON DUPLICATE KEY UPDATE at = NOW()', 'mysql', 'writes'],
  ['insert into shop.beat (at) values (now())', 'mysql', 'writes'],
  ['INSERT INTO beat (id, at) VALUES (1, NOW()) AS new ON DUPLICATE KEY UPDATE at = new.at', 'mysql', 'writes'],
  ['UPDATE shop.beat SET at = NOW() WHERE id = 1', 'mysql', 'writes'],
  ['UPDATE beat SET n = n + 1', 'mysql', 'writes'],
  ['REPLACE INTO beat VALUES (1, NOW())', 'mysql', 'writes'],
  ['WITH a AS (INSERT INTO beat VALUES (1) RETURNING id) SELECT * FROM a', 'postgresql', 'writes'],
  ['BEGIN; INSERT INTO beat VALUES (1); COMMIT', 'postgresql', 'writes'],
  ['/*!50000 INSERT INTO beat VALUES (1) */', 'mysql', 'writes'],
  ['MERGE INTO beat USING dual ON (id = 1) WHEN MATCHED THEN UPDATE SET at = SYSDATE', 'oracle', 'writes'],
  ['INSERT INTO beat (at) SELECT getdate()', 'sqlserver', 'writes'],
  ['INSERT INTO beat (id, at) VALUES (1, now()) ON CONFLICT (id) DO UPDATE SET at = now()', 'postgresql', 'writes'],
  ['INSERT INTO beat (id) VALUES (1) ON CONFLICT DO NOTHING', 'postgresql', 'unknown'],
  ['INSERT IGNORE INTO beat (id) VALUES (1)', 'mysql', 'unknown'],
  ['UPDATE beat SET id = id', 'mysql', 'unknown'],
  ['UPDATE beat SET id = id', 'postgresql', 'writes'],
  ["UPDATE beat SET name = 'beat', n = 1 WHERE id = 1", 'mysql', 'unknown'],
  ['INSERT INTO beat (id) VALUES (1) ON DUPLICATE KEY UPDATE id = 1', 'mysql', 'unknown'],
  ['CALL beat()', 'mysql', 'unknown'],
  ['EXEC dbo.beat', 'sqlserver', 'unknown'],
  ['SELECT shop.beat()', 'postgresql', 'unknown'],
  ["SELECT nextval('beat_seq')", 'postgresql', 'unknown'],
  ['DO $$ BEGIN INSERT INTO beat VALUES (1); END $$', 'postgresql', 'unknown'],
  ['UPDATE beat SET at = NOW() WHERE 1 = 0', 'mysql', 'nothing'],
  ['UPDATE beat SET at = NOW() WHERE id = 1', 'mysql', 'writes'],
  ['BEGIN; INSERT INTO beat VALUES (1); ROLLBACK', 'postgresql', 'unknown'],
  ['FLUSH BINARY LOGS', 'mysql', 'unknown'],
];

describe('what a heartbeat’s query writes', () => {
  it.each(rows)('%s (%s): %s', (query, family, kind) => {
    expect(writtenBy(query, family).kind).toBe(kind);
  });
});
