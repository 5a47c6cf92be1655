import type { MariaDb } from '../../../local/real/mariadb.ts';
import { nameOf, perVersion, spoken, tlsVersions, type PerVersion } from './versions.ts';

/** What MariaDB itself said, look by look, of the sessions of the two users. */
export interface ProtocolsSeen {
  /** By user: how often a session was seen with which `Ssl_version` and cipher. Without TLS both are empty. */
  readonly seen: PerVersion<ReadonlyMap<string, number>>;
  /** Of those, sessions that were sending the binlog. */
  readonly binlogSessions: PerVersion<number>;
}

/** Collects such looks. */
export class ProtocolProof implements ProtocolsSeen {
  readonly seen = perVersion(() => new Map<string, number>());
  readonly #binlog = new Map<string, number>();
  readonly #mariadb: Pick<MariaDb, 'sql'>;

  constructor(mariadb: Pick<MariaDb, 'sql'>) {
    this.#mariadb = mariadb;
  }

  get binlogSessions(): PerVersion<number> {
    return perVersion((version) => this.#binlog.get(version) ?? 0);
  }

  /** One look. `SHOW STATUS` tells of the asking session alone; this table tells of all, by the server's own account of each. */
  async look(): Promise<void> {
    const rows = await this.#mariadb.sql(
      `SELECT t.PROCESSLIST_USER AS user, t.PROCESSLIST_COMMAND AS command,
              MAX(IF(s.VARIABLE_NAME = 'Ssl_version', s.VARIABLE_VALUE, '')) AS protocol,
              MAX(IF(s.VARIABLE_NAME = 'Ssl_cipher', s.VARIABLE_VALUE, '')) AS cipher
         FROM performance_schema.threads t JOIN performance_schema.status_by_thread s USING (THREAD_ID)
        WHERE s.VARIABLE_NAME IN ('Ssl_version', 'Ssl_cipher') AND t.PROCESSLIST_USER IN ('tls13', 'tls12')
        GROUP BY t.THREAD_ID, t.PROCESSLIST_USER, t.PROCESSLIST_COMMAND`,
    );
    for (const version of tlsVersions) {
      for (const { user, command, protocol, cipher } of rows) {
        if (user !== nameOf(version)) continue;
        const words = `${String(protocol)} ${String(cipher)}`.trim();
        this.seen[version].set(words, (this.seen[version].get(words) ?? 0) + 1);
        if (String(command).startsWith('Binlog Dump')) this.#binlog.set(version, (this.#binlog.get(version) ?? 0) + 1);
      }
    }
  }
}

/** Whether each user was seen reading the binlog, and no session of it was ever seen with anything but its own protocol. */
export function isProved({ seen, binlogSessions }: ProtocolsSeen): boolean {
  return tlsVersions.every(
    (version) =>
      binlogSessions[version] > 0 && [...seen[version].keys()].every((words) => words.startsWith(`${version} `)),
  );
}

export function proofLines(proof: ProtocolsSeen): readonly string[] {
  return tlsVersions.map((version) => {
    const sessions = [...proof.seen[version]].map(([words, times]) => `${words || 'no TLS'} (${times} times)`);
    const binlog = `${proof.binlogSessions[version]} times while it read the binlog`;
    return `  user ${nameOf(version)}, to be held to ${spoken(version)}: ${sessions.join(', ') || 'no session seen'}; ${binlog}`;
  });
}
