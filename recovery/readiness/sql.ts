import type { Family } from './family.ts';

/** What a statement leaves in the database's log of changes. */
export type Written =
  | { readonly kind: 'writes' }
  | { readonly kind: 'nothing' }
  /** It depends on what cannot be seen here. */
  | { readonly kind: 'unknown'; readonly because: string };

const writers = new Set(
  'INSERT UPDATE DELETE REPLACE MERGE UPSERT TRUNCATE CREATE ALTER DROP RENAME GRANT REVOKE COMMENT COPY LOAD'.split(
    ' ',
  ),
);
const readers = new Set(
  'SELECT VALUES TABLE SHOW DESCRIBE DESC SET RESET USE BEGIN START COMMIT ROLLBACK SAVEPOINT RELEASE END ABORT DECLARE FETCH CLOSE PING HELP CHECKPOINT LISTEN UNLISTEN NOTIFY DISCARD LOCK UNLOCK KILL PRINT WAITFOR GO'.split(
    ' ',
  ),
);

/** Words that may stand before a bracket and call nothing. */
const keywords = new Set(
  (
    'SELECT DISTINCT ALL ANY SOME AS FROM WHERE AND OR NOT IN EXISTS BETWEEN LIKE ON USING JOIN OVER PARTITION BY ORDER GROUP HAVING UNION ' +
    'INTERSECT EXCEPT VALUES WITH RECURSIVE MATERIALIZED CASE WHEN THEN ELSE END LIMIT OFFSET FILTER WITHIN IS NULL INTERVAL ROW ARRAY ' +
    'LATERAL FOR OF CAST TABLE SET TOP IF DECIMAL NUMERIC VARCHAR CHAR CHARACTER NUMBER TIMESTAMP TIME BIT FLOAT DOUBLE INT'
  ).split(' '),
);

/** Functions of the databases that write nothing; of any other, one's own above all, nobody can say. */
const pure = new Set(
  (
    'now current_timestamp current_date current_time localtime localtimestamp sysdate systimestamp getdate getutcdate sysdatetime ' +
    'sysutcdatetime clock_timestamp statement_timestamp transaction_timestamp timeofday utc_timestamp utc_date unix_timestamp from_unixtime ' +
    'version user current_user session_user system_user database schema current_database current_schema connection_id last_insert_id ' +
    'row_count found_rows pg_backend_pid pg_is_in_recovery pg_current_wal_lsn pg_last_wal_replay_lsn pg_sleep sleep uuid gen_random_uuid ' +
    'newid rand random count min max sum avg coalesce ifnull isnull nullif nvl greatest least concat upper lower length substring trim ' +
    'replace to_char to_date to_timestamp date_trunc date_part extract date_format date_add date_sub date cast convert abs round floor ceil mod ' +
    'md5 sha1 pg_postmaster_start_time inet_server_addr txid_current_if_assigned pg_current_xact_id_if_assigned ping'
  ).split(' '),
);

/**
 * Whether a heartbeat's action query puts something into the log that the connector reads, by its meaning: comments, letters, blanks and
 * brackets make no difference.
 *
 * - `SELECT`, `SHOW` and their like write nothing, unless they call a function that does: PostgreSQL's `pg_logical_emit_message` writes a message.
 * - A row that is written with the values it has makes no event in MySQL.
 * @see https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION
 * @see https://dev.mysql.com/doc/refman/8.0/en/update.html — “If you set a column to the value it currently has, MySQL notices this and does not update it.”
 */
export function writtenBy(query: string, family: Family): Written {
  const isBinlog = family === 'mysql' || family === 'mariadb';
  const statements = statementsOf(query, isBinlog);
  const results = statements.map((statement) => ofStatement(statement, family, isBinlog));
  if (
    statements.some((statement) => /^ROLLBACK\b(?!\s+TO\b)/i.test(statement)) &&
    results.some(({ kind }) => kind === 'writes')
  ) {
    return { kind: 'unknown', because: 'what of it is rolled back' };
  }
  return (
    results.find(({ kind }) => kind === 'writes') ??
    results.find(({ kind }) => kind === 'unknown') ?? { kind: 'nothing' }
  );
}

/** The statements with comments gone and every quoted text as `''` or `""`, so that words inside them count for nothing. */
function statementsOf(query: string, isBinlog: boolean): string[] {
  // MySQL and MariaDB carry out what stands in /*! … */ and /*M! … */.
  const carriedOut = isBinlog ? query.replaceAll(/\/\*M?!\d*([\s\S]*?)\*\//g, ' $1 ') : query;
  const hash = isBinlog ? '|#[^\\n]*' : '';
  const pattern = new RegExp(
    `'(?:[^'\\\\]|''|\\\\.)*'|"(?:[^"\\\\]|""|\\\\.)*"|\`[^\`]*\`|\\$(\\w*)\\$[\\s\\S]*?\\$\\1\\$|/\\*[\\s\\S]*?\\*/|--[^\\n]*${hash}`,
    'g',
  );
  return carriedOut
    .replaceAll(pattern, (found) => {
      if (found.startsWith("'") || found.startsWith('$')) return " '' ";
      // A quoted name is a name; what it is called does not matter.
      return found.startsWith('"') || found.startsWith('`') ? ' quoted_name ' : ' ';
    })
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

function ofStatement(statement: string, family: Family, isBinlog: boolean): Written {
  const words: readonly string[] = statement.toUpperCase().match(/[A-Z_][A-Z0-9_$]*/g) ?? [];
  const [first = ''] = words;
  if (first === 'WITH') {
    // A CTE may write in any of its parts.
    const writer = words.find((word) => ['INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(word));
    return writer === undefined ? ofReading(statement, family) : { kind: 'writes' };
  }
  if (
    ['UPDATE', 'DELETE'].includes(first) &&
    /\bWHERE\s+\(?\s*(?:1\s*=\s*0|0\s*=\s*1|0|FALSE)\s*\)?$/i.test(statement)
  ) {
    return { kind: 'nothing' };
  }
  if (first === 'INSERT' || first === 'UPDATE') return ofWriting(statement, words, isBinlog);
  if (writers.has(first)) return { kind: 'writes' };
  if (first === 'SELECT' && words.includes('INTO') && !isBinlog && family !== 'oracle') return { kind: 'writes' };
  if (readers.has(first)) return ofReading(statement, family);
  return { kind: 'unknown', because: `what ${first === '' ? 'it' : first} does` };
}

function ofReading(statement: string, family: Family): Written {
  const called = [...statement.matchAll(/([A-Za-z_][\w$]*)\s*\(/g)].map(([, name]) => name ?? '');
  const functions = called.filter((name) => !keywords.has(name.toUpperCase())).map((name) => name.toLowerCase());
  if (family === 'postgresql' && functions.includes('pg_logical_emit_message')) return { kind: 'writes' };
  const doubtful = functions.find((name) => !pure.has(name));
  return doubtful === undefined
    ? { kind: 'nothing' }
    : { kind: 'unknown', because: `whether the function ${doubtful} writes` };
}

function ofWriting(statement: string, words: readonly string[], isBinlog: boolean): Written {
  const unknown = (because: string): Written => ({ kind: 'unknown', because });
  if (words.includes('IGNORE') || /\bDO\s+NOTHING\b/i.test(statement)) {
    return unknown('whether the row is there already, in which case nothing is written');
  }
  const assigned = /\b(?:ON\s+DUPLICATE\s+KEY\s+UPDATE|UPDATE\s+[\s\S]*?\bSET)\b([\s\S]*?)(?:\bWHERE\b|$)/i.exec(
    statement,
  )?.[1];
  // Only in MySQL and MariaDB is a row that keeps its values none; PostgreSQL writes it again.
  if (!isBinlog || assigned === undefined) return { kind: 'writes' };
  const assignments = splitTop(assigned);
  return assignments.every((one) => keepsOrConstant(one))
    ? unknown('whether the row changes: it gets the same values every time')
    : { kind: 'writes' };
}

/** `id = id`, `id = 1`: after the first time the row is as it was. */
function keepsOrConstant(assignment: string): boolean {
  const [, name = '', value = ''] = /^\s*([\w.]+)\s*=\s*([\s\S]+)$/.exec(assignment) ?? [];
  const [kept, given] = [name.toLowerCase(), value.trim().toLowerCase()];
  // Not at = new.at: that is the new row's.
  return (
    name !== '' &&
    (given === kept ||
      given === kept.split('.').at(-1) ||
      /^\s*(?:''|-?\d+(?:\.\d+)?|TRUE|FALSE|NULL)\s*$/i.test(value))
  );
}

/** Splits at the commas outside brackets. */
function splitTop(list: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of list) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] = (parts.at(-1) ?? '') + character;
  }
  return parts;
}
