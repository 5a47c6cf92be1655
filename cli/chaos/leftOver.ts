import { keys } from '../../settings/environment.ts';
import type { FunctionSettings } from '../../settings/connectorSettings.ts';
import { type Account, bucket, functionArn } from './account.ts';
import type { History } from './history.ts';
import type { Keeper } from './keeper.ts';
import type { Persons } from './persons.ts';
import type { ConnectorRecord, HistoryRecord } from './record.ts';
import { plantedSecret } from './requests.ts';

export interface Lived {
  readonly history: History;
  readonly transport: HistoryRecord['transport'];
  readonly settings: FunctionSettings;
  readonly account: Account;
  readonly keeper: Keeper;
  readonly persons: Persons;
  readonly times: Pick<HistoryRecord, 'startMs' | 'faultsEndMs' | 'boundMs' | 'endMs'>;
}

/** What is left of a history that is over. */
export async function leftOver(lived: Lived): Promise<HistoryRecord> {
  const { history, transport, settings, account, keeper, times } = lived;
  const connectors: Record<string, ConnectorRecord> = {};
  for (const { name } of history.connectors) {
    // oxlint-disable-next-line no-await-in-loop -- the end of it; time does not matter
    const one = await connectorRecord(name, lived);
    if (one !== undefined) connectors[name] = one;
  }
  return {
    seed: history.seed,
    transport,
    ...times,
    settings,
    bucket,
    functionArn,
    calls: keeper.calls,
    invocations: keeper.invocations,
    messages: account.sns
      .inbox()
      .map(({ atMs, subject, message }) => ({ atMs, subject: subject ?? '', text: message })),
    logLines: keeper.lines,
    hits: keeper.hits,
    connectors,
    secrets: [plantedSecret],
  };
}

async function connectorRecord(
  name: string,
  { account, keeper, persons }: Lived,
): Promise<ConnectorRecord | undefined> {
  const kept = keeper.connectors.get(name);
  if (kept === undefined) return undefined;
  const found = account.connect.inventory().findLast((one) => one.name === name);
  const journal = await persons.text(`${keys.journals}${name}.json`);
  const savedConfig = await persons.text(`${keys.savedConfigs}${name}.json`);
  return {
    name,
    truth: kept.truth,
    states: kept.states,
    persons: kept.persons,
    end: {
      ...(found === undefined ? {} : { arn: found.arn, state: found.state }),
      truth: kept.truth.at(-1)?.is ?? 'absent',
      ...(journal === undefined ? {} : { journal }),
      ...(savedConfig === undefined ? {} : { savedConfig }),
      backups: await persons.backups(name),
    },
  };
}
