import type { CreateRequest, Sighting } from './connector.ts';
import type { Held } from './intervention.ts';
import type { FoundBackup, Neighbour, Pin, WorkerLoad } from './ports.ts';
import type { OffsetSurvival, SavedConfig } from './saved.ts';
import type { Instant } from './time.ts';
import type { Verdict } from './verdict.ts';

/** What can be seen now. Parts that the present step does not need are absent; a decision that needs them then waits or refuses. */
export interface Observation {
  readonly at: Instant;
  readonly sighting: Sighting;
  readonly verdict?: Verdict;
  /** Looked at when a recreation is to be weighed, or when a living connector may have to be captured. */
  readonly saved?: SavedConfig;
  readonly offsets?: OffsetSurvival;
  /** What it would be created from, where that is not the saved config as it is: with a worker configuration that pins its offsets topic. */
  readonly recreateFrom?: CreateRequest;
  /**
   * Looked for where the policy says that the default offsets topic is pinned, and nothing else keeps the offsets; and before a person has one
   * created that does not exist.
   */
  readonly pin?: Pin;
  readonly sweepSeenAt?: Instant;
  /** The hold over the whole stack; looked at before anything is restarted or deleted. */
  readonly heldOnStack?: Held;
  /** The other connectors of the stack; looked at where there is a breaker, and it is silent or its preventive restart is due. */
  readonly neighbours?: readonly Neighbour[];
  /** Looked at when the journal knows of no recovery, and the connector is absent or being deleted or was never looked at. */
  readonly newestBackup?: FoundBackup;
  /** Who else lives on the workers of its tasks; looked at before a worker's process may be replaced. */
  readonly workers?: readonly WorkerLoad[];
}
