import type { Endpoints, Grounded } from '../../real/realConnector.ts';
import { debezium26 } from '../../real/shopSource.ts';
import type { Failure } from '../compareOptions.ts';

/** The connector of both real worlds, with the same configuration, each before a database, a broker and a proxy of its own. */
export interface RealSource extends Grounded {
  readonly database: 'mariadb';
  readonly topic: string;
  readonly configuration: (endpoints: Endpoints) => Readonly<Record<string, string>>;
}

const settings: Readonly<Record<Failure, Readonly<Record<string, string>>>> = {
  'half-open': { 'connect.keep.alive': 'false' },
  'heals-itself': {},
  // Its connection is reset; without retries of its own the task dies of that.
  'failed-task': { 'connect.keep.alive': 'false', 'errors.max.retries': '0' },
};

export function realSource(failure: Failure): RealSource {
  return {
    name: 'orders-cdc',
    database: 'mariadb',
    topic: 'orders.shop.orders',
    configuration: (endpoints) => ({
      ...debezium26(endpoints, { prefix: 'orders', serverId: '6401' }),
      ...settings[failure],
    }),
  };
}

/** What befalls the connections between it and its database. */
export function cut(failure: Failure, proxy: { freeze(): void; reset(): void } | undefined): void {
  if (failure === 'failed-task') proxy?.reset();
  else proxy?.freeze();
}
