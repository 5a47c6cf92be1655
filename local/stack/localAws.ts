import type { Telemetry } from '../aws/service.ts';
import type { DataPlane } from '../connect/dataPlane.ts';
import type { Durations } from '../connect/durations.ts';
import type { Faults } from '../connect/faults.ts';
import { MskConnect } from '../connect/mskConnect.ts';
import { exampleAccount } from '../aws/account.ts';
import type { Random } from '../seededRandom.ts';
import { startLocalServices, type LocalServices, type LocalServicesOptions } from './localServices.ts';

export interface LocalAwsOptions extends Omit<LocalServicesOptions, 'connect' | 'connectEndpoint'> {
  /** The only source of chance of MSK Connect's stand-in. */
  readonly random: Random;
  /** What runs behind the connectors; it shows itself through the telemetry that it is given. */
  readonly dataPlane: (telemetry: Telemetry) => DataPlane;
  /** How long MSK Connect's operations take. */
  readonly durations?: Partial<Durations>;
  /** What goes wrong in MSK Connect. */
  readonly connectFaults?: Faults;
}

/** One AWS account on this machine. */
export interface LocalAws extends LocalServices {
  readonly connect: MskConnect;
}

/** Starts all services on one clock, MSK Connect among them, behind one HTTP endpoint on the loopback address. */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { random, dataPlane, durations, connectFaults, ...common } = options;
  const { region, accountId } = options.account ?? exampleAccount;
  const made: MskConnect[] = [];
  const services = await startLocalServices({
    ...common,
    connect: (telemetry) => {
      const connect = new MskConnect({
        clock: options.clock,
        random,
        dataPlane: dataPlane(telemetry),
        region,
        accountId,
        ...(durations === undefined ? {} : { durations }),
        ...(connectFaults === undefined ? {} : { faults: connectFaults }),
      });
      made.push(connect);
      return connect;
    },
  });
  const [connect] = made;
  if (connect === undefined) throw new Error('MSK Connect was not made.');
  return { ...services, connect };
}
