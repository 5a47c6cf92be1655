import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clients } from '../../lambda/clients.ts';
import type { LocalClock } from '../../local/clock.ts';
import type { Network } from './network.ts';
import type { RecordedInvocation } from './record.ts';

/** A process of the function. */
export interface Machine {
  /** It runs no more, or nobody hears of it any more: nothing that it does takes effect. */
  isOver: boolean;
  /** So far ahead of the world's is its clock. */
  readonly aheadMs: number;
  /** It dies now. */
  kill(): void;
}

interface Caller {
  readonly machine: Machine;
  readonly invocation: RecordedInvocation;
  /** Of the call that is being made. */
  readonly stamp: number;
}

const caller = new AsyncLocalStorage<Caller>();

/** Who calls; `undefined`: nobody of the product. */
export function whoCalls(): Caller | undefined {
  return caller.getStore();
}

/** Runs one invocation, so that whatever it calls is known to be its own. */
export function asInvocation<T>(machine: Machine, invocation: RecordedInvocation, work: () => Promise<T>): Promise<T> {
  return caller.run({ machine, invocation, stamp: 0 }, work);
}

/** The world's clock as each invocation reads it: its own may go before or behind by seconds. */
export function clockOfCallers(clock: LocalClock): LocalClock {
  const aheadMs = () => caller.getStore()?.machine.aheadMs ?? 0;
  return { now: () => clock.now() + aheadMs(), at: (whenMs, callback) => clock.at(whenMs - aheadMs(), callback) };
}

/** The same clients, each call with its place in the order of sending. */
export function stamped(clients: Clients, network: Network): Clients {
  for (const client of Object.values(clients) as { send(command: unknown): Promise<unknown> }[]) {
    const send = client.send.bind(client);
    client.send = (command) => {
      const who = caller.getStore();
      return who === undefined ? send(command) : caller.run({ ...who, stamp: network.stamp() }, () => send(command));
    };
  }
  return clients;
}
