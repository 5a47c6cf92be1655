import type { ConnectorKind } from './policy.ts';

type Configuration = Readonly<Record<string, string>>;

/** What the silence of a healthy connector of this kind looks like, and so which silence is a proof. */
export interface KindOfLife {
  /**
   * Seconds between the events that the source itself sends while nobody writes; they reset Debezium's `MilliSecondsSinceLastEvent`.
   * `undefined`: its event clock grows on a healthy idle source too and proves nothing.
   */
  readonly eventClockBeatSeconds?: (configuration: Configuration) => number;
  /** Seconds between the heartbeat records that an idle connector commits; `undefined`: it beats not, or nobody measured it. */
  readonly heartbeatSeconds: (configuration: Configuration) => number | undefined;
  /**
   * Whether a heartbeat moves the committed position even while the database is idle. On MySQL, MariaDB and PostgreSQL only one that writes does: a
   * heartbeat of an idle database commits the same offsets again, for nothing but an event of the log moves them (Debezium's
   * BinlogOffsetContext.setEventPosition, PostgresStreamingChangeEventSource.processMessages).
   */
  readonly heartbeatMovesPosition: (configuration: Configuration) => boolean;
  /** Lag that grows while nothing is read is a proof. */
  readonly lagIsProof: boolean;
  /** What to switch on so that its silence can be told from idleness. */
  readonly cure: string;
}

const noHeartbeat = () => undefined;

/**
 * The database's own replication heartbeat, which the connector asks for: 0.8 times the keep-alive interval (48 s by default),
 * with `connect.keep.alive` on or off (measured: docs/evidence.md). Asked for in Debezium's BinaryLogClient:
 * https://github.com/osheroff/mysql-binlog-connector-java/blob/master/src/main/java/com/github/shyiko/mysql/binlog/BinaryLogClient.java
 */
function binlogBeatSeconds(configuration: Configuration): number {
  return (0.8 * positive(configuration['connect.keep.alive.interval.ms'], 60_000)) / 1000;
}

function debeziumHeartbeatSeconds(configuration: Configuration): number | undefined {
  const interval = positive(configuration['heartbeat.interval.ms'], 0);
  return interval > 0 ? interval / 1000 : undefined;
}

/** `heartbeat.action.query` is executed with each heartbeat; one that only reads leaves the log of the database as it is. */
function heartbeatWrites(configuration: Configuration): boolean {
  const query = (configuration['heartbeat.action.query'] ?? '').trim();
  return query !== '' && !/^(?:select|show|values|table|explain|set)\b/i.test(query);
}

const binlogSource: KindOfLife = {
  eventClockBeatSeconds: binlogBeatSeconds,
  // A MySQL heartbeat record is made when a binlog event arrives, the database's own beat included: so never more often than that.
  heartbeatSeconds: (configuration) => {
    const seconds = debeziumHeartbeatSeconds(configuration);
    return seconds === undefined ? undefined : Math.max(seconds, binlogBeatSeconds(configuration));
  },
  heartbeatMovesPosition: heartbeatWrites,
  lagIsProof: false,
  cure: 'let the JMX exporter publish MilliSecondsSinceLastEvent and Connected, or set heartbeat.interval.ms',
};

/** One row per kind. Measured on real connectors: docs/evidence.md. */
export const kinds: Readonly<Record<ConnectorKind, KindOfLife>> = {
  mysql: binlogSource,
  mariadb: binlogSource,
  postgresql: {
    // Measured: an idle PostgreSQL source's event clock grows as if it were dead.
    heartbeatSeconds: debeziumHeartbeatSeconds,
    heartbeatMovesPosition: heartbeatWrites,
    lagIsProof: false,
    cure: 'set heartbeat.interval.ms: without it nothing that Connect shows tells an idle PostgreSQL source from a dead one',
  },
  'other-source': {
    heartbeatSeconds: noHeartbeat,
    heartbeatMovesPosition: () => false,
    lagIsProof: false,
    cure: 'say how often records flow at least (evidence.recordsAtLeastEverySeconds)',
  },
  sink: {
    heartbeatSeconds: noHeartbeat,
    heartbeatMovesPosition: () => false,
    lagIsProof: true,
    cure: 'name the sink’s cluster and topics (metrics.lag), so that its lag can be read',
  },
};

function positive(text: string | undefined, fallback: number): number {
  const value = Number(text ?? '');
  return Number.isFinite(value) && value > 0 ? value : fallback;
}
