import type { RowCount } from '../../local/connect/rowCount.ts';
import type { Source } from './cast.ts';
import type { Steps } from './steps.ts';
import type { Witness } from './witness.ts';
import type { SelfManagedWorld } from './world.ts';

/** What each of the two forms of the fifth to the eighth step is given. */
export interface Stage {
  readonly world: SelfManagedWorld;
  readonly sources: readonly Source[];
  readonly witness: Witness;
  readonly steps: Steps;
  readonly short: boolean;
  readonly signal: AbortSignal;
  rows(name: string): RowCount;
}

/** As `GET /status` says, in one line. */
export async function stateOf({ cluster }: Pick<SelfManagedWorld, 'cluster'>, name: string): Promise<string> {
  const status = await cluster.status(name);
  if (status === undefined) return `GET /connectors/${name}/status: no answer`;
  const tasks = status.tasks.map(({ id, state, worker_id: worker }) => `task ${id} ${state} on ${worker}`);
  return `GET /connectors/${name}/status: connector ${status.connector.state}, ${tasks.join(', ')}`;
}
