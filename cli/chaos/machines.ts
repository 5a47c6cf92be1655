import { createClients } from '../../lambda/clients.ts';
import { invoke, type Process } from '../../lambda/handler.ts';
import type { Endpoint } from '../../local/aws/endpoint.ts';
import { inProcessHandler } from '../../local/aws/inProcess.ts';
import { inProcessFunction, type MortalRuntime } from '../../local/functions/inProcessFunction.ts';
import { type Random, randomUuid, seededRandom } from '../../local/seededRandom.ts';
import type { VirtualClock } from '../../local/virtualClock.ts';
import type { FunctionSettings } from '../../settings/connectorSettings.ts';
import { bucket, topicArn } from './account.ts';
import { asInvocation, type Machine, stamped } from './callers.ts';
import { directClients, type ServiceCall } from './directClients.ts';
import type { History } from './history.ts';
import type { Keeper } from './keeper.ts';
import type { Network } from './network.ts';
import type { RecordedInvocation } from './record.ts';

export interface MachinesOptions {
  readonly clock: VirtualClock;
  readonly history: History;
  readonly settings: FunctionSettings;
  readonly keeper: Keeper;
  readonly network: Network;
  /** The way to the services: straight, or by the wire. */
  readonly way: () => { readonly call: ServiceCall } | { readonly endpoint: Endpoint };
}

/** As infra/recoveryFunction.ts has it. */
const timeoutMs = 900_000;

/** The processes of the function: the real handler, each with clients, a clock and a death of its own. */
export class Machines {
  readonly #options: MachinesOptions;
  readonly #ids: Random;
  readonly #chance: Random;
  #busy = 0;

  constructor(options: MachinesOptions) {
    this.#options = options;
    this.#ids = seededRandom(options.history.seed ^ 0x5eed);
    this.#chance = seededRandom(options.history.seed ^ 0xc10c);
  }

  /** How many invocations are under way. */
  get busy(): number {
    return this.#busy;
  }

  start(): MortalRuntime {
    const { clock, history, settings, keeper } = this.#options;
    const aheadMs = Math.round((this.#chance() * 2 - 1) * history.clockSpreadSeconds * 1000);
    if (Math.abs(aheadMs) >= 1000) keeper.hit('clocks-apart');
    let invocation: RecordedInvocation | undefined;
    const machine = { isOver: false, aheadMs, kill: () => runtime.kill() };
    const process: Process = {
      settings,
      clients: this.#clients(machine),
      bucket,
      topicArn,
      newId: () => randomUuid(this.#ids),
      writeLine: (line) => {
        if (!machine.isOver && invocation !== undefined) keeper.line(line, invocation.id);
      },
    };
    const runtime = inProcessFunction({
      handle: async (event, context) => {
        const begun = this.#begin(event, context.awsRequestId, aheadMs);
        invocation = begun;
        try {
          const answer = await asInvocation(machine, begun, () => invoke(process, event, context));
          this.#end(begun, { ended: 'answered', answer: JSON.stringify(answer) });
          return answer;
        } catch (error) {
          this.#end(begun, { ended: 'failed', error: error instanceof Error ? error.message : String(error) });
          throw error;
        }
      },
      ended: () => {
        machine.isOver = true;
        if (invocation === undefined || invocation.ended !== undefined) return;
        this.#end(invocation, { ended: clock.now() - invocation.startMs >= timeoutMs ? 'timed-out' : 'died' });
      },
    });
    return runtime;
  }

  #begin(event: unknown, requestId: string, clockAheadMs: number): RecordedInvocation {
    const { clock, keeper } = this.#options;
    const invocation = { id: keeper.invocations.length, requestId, event, startMs: clock.now(), clockAheadMs };
    keeper.invocations.push(invocation);
    this.#busy += 1;
    return invocation;
  }

  #end(invocation: RecordedInvocation, how: Partial<RecordedInvocation>): void {
    if (invocation.ended !== undefined) return;
    Object.assign(invocation, how, { endMs: this.#options.clock.now() });
    this.#busy -= 1;
  }

  #clients(machine: Machine): Process['clients'] {
    const { way, network } = this.#options;
    const found = way();
    const clients =
      'call' in found
        ? directClients(found.call)
        : createClients(inProcessHandler(found.endpoint, { isEnded: () => machine.isOver }));
    return stamped(clients, network);
  }
}
