import type { Endpoints, Grounded } from '../real/realConnector.ts';
import { debezium26 } from '../real/shopSource.ts';

/** A connector of the self-managed cluster, and what befalls it. */
export interface Source extends Grounded {
  readonly about: string;
  /** `fails`: its connections are reset, and its task FAILED; `hangs`: they are half open, and its task RUNNING; `lives`: nothing. */
  readonly fate: 'fails' | 'hangs' | 'lives';
  readonly topic: string;
  readonly configuration: (endpoints: Endpoints) => Readonly<Record<string, string>>;
}

/** What the short form sets otherwise than Debezium and Kafka Connect do by default, in seconds. */
export interface Quicker {
  /** `connect.keep.alive.interval.ms`, 60 s by default: the database's own heartbeat comes at 0.8 times that. */
  readonly keepAliveSeconds: number;
  /** `offset.flush.interval.ms` of the workers, 60 s by default. */
  readonly flushSeconds: number;
  /** `scheduled.rebalance.max.delay.ms` of the workers, 300 s by default: so long the tasks of a worker that is gone wait for it. */
  readonly rebalanceDelaySeconds: number;
}

/** Three Debezium connectors of one MariaDB, each through connections of its own, in one cluster. */
export function sources(quicker: Quicker | undefined): readonly Source[] {
  const interval: Readonly<Record<string, string>> =
    quicker === undefined ? {} : { 'connect.keep.alive.interval.ms': String(quicker.keepAliveSeconds * 1000) };
  const source = (
    prefix: string,
    serverId: string,
    fate: Source['fate'],
    about: string,
    settings: Readonly<Record<string, string>>,
  ): Source => ({
    name: `${prefix}-cdc`,
    about,
    fate,
    database: 'mariadb',
    topic: `${prefix}.shop.orders`,
    configuration: (endpoints) => ({ ...debezium26(endpoints, { prefix, serverId }), ...interval, ...settings }),
  });
  return [
    source(
      'orders',
      '6401',
      'fails',
      'Its connections to the database will be reset; errors.max.retries is 0, so its task will be FAILED',
      { 'errors.max.retries': '0' },
    ),
    source(
      'billing',
      '6402',
      'hangs',
      'Its connections will hang half open; connect.keep.alive is off, so its task will say RUNNING for good',
      { 'connect.keep.alive': 'false' },
    ),
    source('stock', '6403', 'lives', 'Nothing will befall it: the watchdog has to leave it alone', {}),
  ];
}
