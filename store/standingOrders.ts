import * as v from 'valibot';
import { PortError } from '../recovery/ports.ts';
import type { Orders, StandingOrders } from '../recovery/standingOrders.ts';
import { keys } from '../settings/environment.ts';
import type { Objects } from './objects.ts';

const said = { at: v.pipe(v.string(), v.isoTimestamp()), who: v.string(), why: v.optional(v.string()) };
const record = v.object({
  schema: v.literal(1),
  connector: v.string(),
  hold: v.optional(v.object(said)),
  calledOff: v.optional(v.object({ ...said, of: v.optional(v.string()) })),
});

/** The port StandingOrders: one object for each connector, by name, beside its journal. */
export function s3StandingOrders(objects: Objects): StandingOrders {
  const keyOf = (connector: string) => `${keys.orders}${connector}.json`;
  return {
    async read(connector) {
      const key = keyOf(connector);
      const found = await objects.read(key);
      switch (found.kind) {
        case 'missing':
          return { kind: 'read', orders: {}, tag: undefined };
        case 'denied':
          throw new PortError('denied', `GetObject ${objects.bucket}/${key}: access denied`);
        case 'too-large':
          return { kind: 'broken', reason: `${key} has ${found.bytes} bytes`, tag: found.tag };
        case 'read': {
          const orders = ordersIn(found.text, connector);
          return orders === undefined
            ? { kind: 'broken', reason: `${key} is not what this product writes`, tag: found.tag }
            : { kind: 'read', orders, tag: found.tag };
        }
      }
    },
    write: (connector, orders, tag) =>
      objects.swap(keyOf(connector), JSON.stringify({ schema: 1, connector, ...orders }, undefined, 2), tag),
  };
}

function ordersIn(text: string, connector: string): Orders | undefined {
  try {
    const parsed = v.safeParse(record, JSON.parse(text));
    if (!parsed.success || parsed.output.connector !== connector) return undefined;
    const { hold, calledOff } = parsed.output;
    return { ...(hold && { hold }), ...(calledOff && { calledOff }) };
  } catch {
    return undefined;
  }
}
