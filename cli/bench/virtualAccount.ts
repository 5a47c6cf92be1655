import { AsyncLocalStorage } from 'node:async_hooks';
import { createClients } from '../../lambda/clients.ts';
import { invoke } from '../../lambda/handler.ts';
import type { Answer } from '../../lambda/summary.ts';
import type { AnsweredCall, CallHooks } from '../../local/aws/calls.ts';
import { inProcessHandler } from '../../local/aws/inProcess.ts';
import type { Telemetry } from '../../local/aws/service.ts';
import type { DataPlane } from '../../local/connect/dataPlane.ts';
import type { Durations } from '../../local/connect/durations.ts';
import type { Faults } from '../../local/connect/faults.ts';
import { inProcessFunction } from '../../local/functions/inProcessFunction.ts';
import type { Random } from '../../local/seededRandom.ts';
import { startLocalAws, type LocalAws } from '../../local/stack/localAws.ts';
import { liveIn } from '../../local/virtualGlobals.ts';
import type { VirtualClock } from '../../local/virtualClock.ts';
import type { FunctionSettings } from '../../settings/connectorSettings.ts';
import { environment } from '../../settings/environment.ts';
import { warmClients } from './warmClients.ts';

/** A call of the product, and which of its invocations made it. */
export interface ProductCall extends AnsweredCall {
  readonly by: 'sweep' | 'look';
  /** The process that made it dies now; what it called for is carried out, and its answer never arrives. */
  kill(): void;
  /** The same, but nobody is told that it is dead: its invocation lasts until its time is up. */
  fallSilent(): void;
}

export interface VirtualAccountOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  /** What the function reads as its settings. */
  readonly settings: FunctionSettings;
  readonly logGroups: readonly string[];
  readonly dataPlane: (telemetry: Telemetry) => DataPlane;
  readonly durations: Partial<Durations>;
  /** What goes wrong in MSK Connect. @default nothing */
  readonly connectFaults?: Faults;
  /** Asked before each call at the endpoint what goes wrong with it. @default nothing */
  readonly fault?: NonNullable<CallHooks['fault']>;
  /** From a request's departure to its arrival, and the same for the answer: drawn evenly up to so long. */
  readonly longestTravelMs: number;
  readonly onCall: (call: ProductCall) => void;
  /** Told of every event that the function is invoked with. @default nobody */
  readonly onEvent?: (event: unknown) => void;
  /** Told of every answer of the function. @default nobody */
  readonly onAnswer?: (answer: Answer) => void;
  /** Told of every line that the function logs. @default nobody */
  readonly onLine?: (line: string) => void;
}

interface Caller {
  readonly by: ProductCall['by'];
  kill(): void;
  fallSilent(): void;
}

/** The observer's and the product's calls part here. */
const caller = new AsyncLocalStorage<Caller>();

/**
 * An AWS account that lives in virtual time in this thread. The function of whatever stack is deployed in it runs in this process: the Lambda
 * adapter, the engine and the SDK's clients as they are, only without a socket, and `Date` and `setTimeout` on the account's clock. The thread
 * lives in that time until the account is closed.
 */
export async function openVirtualAccount(options: VirtualAccountOptions): Promise<LocalAws> {
  const { clock, random, settings, longestTravelMs, onEvent, onAnswer, onLine } = options;
  await warmClients();
  const giveTimeBack = liveIn(clock);
  const travel = longestTravelMs === 0 ? {} : { travel: () => clock.sleep(Math.round(random() * longestTravelMs)) };
  const aws = await startLocalAws({
    clock,
    random,
    durations: options.durations,
    logGroups: options.logGroups,
    dataPlane: options.dataPlane,
    ...(options.connectFaults === undefined ? {} : { connectFaults: options.connectFaults }),
    ...(options.fault === undefined ? {} : { fault: options.fault }),
    onCall: (call) => {
      const who = caller.getStore();
      if (who !== undefined) options.onCall({ ...call, ...who });
    },
    startFunction: (definition, _environment, writeLine) => {
      let ended = false;
      const handler = inProcessHandler(aws.answer, { ...travel, isEnded: () => ended });
      const process = {
        settings,
        clients: createClients(handler),
        bucket: definition.environment[environment.bucket] ?? '',
        topicArn: definition.environment[environment.topicArn] ?? '',
        writeLine: (line: string) => {
          if (ended) return;
          onLine?.(line);
          writeLine(line.trimEnd());
        },
      };
      const runtime = inProcessFunction({
        async handle(event, context) {
          onEvent?.(event);
          const by = isSweep(event) ? 'sweep' : 'look';
          const who: Caller = {
            by,
            kill: () => runtime.kill(),
            fallSilent: () => {
              ended = true;
            },
          };
          const answer = await caller.run(who, () => invoke(process, event, context));
          onAnswer?.(answer);
          return answer;
        },
        ended: () => {
          ended = true;
        },
      });
      return runtime;
    },
  });
  return {
    ...aws,
    async close() {
      await aws.close();
      await aws.connect.shutDown();
      giveTimeBack();
    },
  };
}

function isSweep(event: unknown): boolean {
  return typeof event === 'object' && event !== null && Reflect.get(event, 'source') === 'connector-recovery.sweep';
}
