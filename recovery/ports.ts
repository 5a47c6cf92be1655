import type { CreateRequest, LiveConnector, Sighting } from './connector.ts';
import type { Held } from './intervention.ts';
import type { Journal } from './journal.ts';
import type { Message } from './message.ts';
import type { PastRates } from './pace.ts';
import type { OffsetSurvival, SavedConfig } from './saved.ts';
import type { Signs } from './signs.ts';
import type { StandingOrders } from './standingOrders.ts';
import type { Instant } from './time.ts';

/**
 * What the engine needs from the world. One edge implements each. A port method throws a `PortError` for what may pass by
 * itself (throttled, unavailable, timed out); a refusal that stands is an answer, not an exception.
 */
export class PortError extends Error {
  readonly code: 'throttled' | 'unavailable' | 'denied' | 'unexpected';

  constructor(code: PortError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PortError';
    this.code = code;
  }
}

/** An act that was not carried out, in the service's own words (without secrets). */
export interface Refused {
  readonly kind: 'refused';
  /** The service's error code, such as `BadRequestException`. */
  readonly code: string;
  readonly reason: string;
  /** Refused for a missing right: it says nothing of whether the act could be done or would help. */
  readonly denied?: true;
  /** Refused for what is under way on it or in its worker group, which passes. */
  readonly busy?: true;
}

/** A worker configuration that pins a connector's default offsets topic, so that the one that is created again finds its place. */
export type Pin =
  | { readonly kind: 'pinned'; readonly workerConfiguration: NonNullable<CreateRequest['workerConfiguration']> }
  | { readonly kind: 'missing' }
  /** There can be none, and why. */
  | { readonly kind: 'refused'; readonly reason: string };

/** How a connector is restarted. */
export interface RestartHow {
  /** The living tasks are left alone: with `tasks`, those alone are restarted; without, whatever is FAILED (Connect 3.0 and later, KIP-745). */
  readonly onlyFailedTasks: boolean;
  /** Each restarted by a call of its own; without `onlyFailedTasks`, besides the connector itself (Connect before 3.0, where its restart leaves them). */
  readonly tasks?: readonly number[];
  /** `stop-and-resume`: it is stopped; the engine has it resumed. `replace-worker`: the process of `worker` is replaced. */
  readonly by?: 'stop-and-resume' | 'replace-worker';
  readonly worker?: string;
}

/** Who else lives on a worker that has tasks of the connector, or its instance. */
export interface WorkerLoad {
  readonly worker: string;
  /** The other connectors with tasks on it, how many, and how many of those nothing speaks against. */
  readonly others: readonly { readonly connector: string; readonly tasks: number; readonly healthy: number }[];
}

/** What only a Kafka Connect can whose workers are reached: a self-managed one. */
export interface Workers {
  /** The workers of its tasks and of its instance. @throws PortError */
  on(connector: LiveConnector): Promise<readonly WorkerLoad[]>;
  /** Lets a stopped connector run again; harmless to one that runs. @throws PortError */
  resume(arn: string): Promise<{ readonly kind: 'started' } | Refused>;
}

export interface Connectors {
  /** Finds by exact name, whatever its ARN. */
  find(name: string): Promise<Sighting>;
  /**
   * Restarts connector and tasks as far as the version can, or only what `how` says. Where the platform lists no operations, the edge shows one of
   * type 'RESTART' under the ARN that it gave, in progress until the restart is seen to have ended.
   */
  restart(arn: string, how: RestartHow): Promise<{ readonly kind: 'started'; readonly operationArn: string } | Refused>;
  /** Deletes exactly what was observed. `gone`: that ARN no longer exists. */
  delete(arn: string, version: string): Promise<{ readonly kind: 'started' } | { readonly kind: 'gone' } | Refused>;
  create(request: CreateRequest): Promise<{ readonly kind: 'started'; readonly arn: string } | Refused>;
  /** Whether the offsets of `live` would be found again by a connector created from `request`. */
  offsetSurvival(live: LiveConnector, request: CreateRequest): Promise<OffsetSurvival>;
  /** Looks for a worker configuration like the request's own that pins the live connector's default offsets topic. Reads only. */
  findPin(live: LiveConnector, request: CreateRequest): Promise<Pin>;
  /**
   * Looks for the worker configuration that we made for an earlier connector of this name, which no longer exists: `known`, where a backup names
   * it. `missing`: there is none, or the request names an offsets topic of its own. `refused`: it cannot be told which. Reads only.
   */
  findEarlierPin(request: CreateRequest, known: CreateRequest['workerConfiguration']): Promise<Pin>;
  /** Makes it; harmless, and as good twice as once. Never `missing`. */
  makePin(live: LiveConnector, request: CreateRequest): Promise<Pin>;
}

/** The copy of a connector that is stored before it is deleted; it names the intent, so that it alone suffices to recreate. */
export interface Backup {
  readonly schema: 1;
  readonly connector: string;
  readonly recoveryId: string;
  readonly at: Instant;
  /** What is about to be deleted. */
  readonly arn: string;
  readonly version: string;
  /** The live configuration. */
  readonly live: CreateRequest;
  /** What it will be recreated from. */
  readonly recreateFrom: CreateRequest;
  /** Set once the recreated connector exists, or the intent was given up before the deletion. */
  readonly closed?: { readonly at: Instant; readonly why: string };
}

/** A backup as it was found; a broken one is said to be so, for nothing may be guessed from it. */
export type FoundBackup =
  { readonly kind: 'read'; readonly backup: Backup } | { readonly kind: 'broken'; readonly reason: string };

/** What came of replacing a saved config. */
export type Replaced =
  /** `tag`: of what is there now. `before`: the version that it replaced, which stays; absent: there was nothing. */
  | { readonly kind: 'stored'; readonly place: string; readonly tag: string; readonly before?: string }
  | { readonly kind: 'same'; readonly place: string; readonly tag: string }
  /** `lost`: somebody else wrote meanwhile. `no-versions`: the bucket keeps none, so what is there would be gone. */
  | { readonly kind: 'lost' | 'no-versions'; readonly place: string }
  /** As a saved config it would be refused. */
  | { readonly kind: 'unfit'; readonly place: string; readonly faults: readonly string[] };

export interface SavedConfigs {
  read(connector: string): Promise<SavedConfig>;
  /** Stores a create request where there is none; `exists` when somebody was faster. Never writes over anything. */
  capture(
    connector: string,
    request: CreateRequest,
  ): Promise<{ readonly kind: 'stored' | 'exists'; readonly place: string }>;
  /** Stores a create request over what is there, of which a version is kept; by compare and swap. Only `stored` changes anything. */
  replace(connector: string, request: CreateRequest): Promise<Replaced>;
  /** Stores or replaces the backup of one recovery; gives its place. */
  writeBackup(backup: Backup): Promise<string>;
  /** The newest backup of a connector, if any. */
  newestBackup(connector: string): Promise<FoundBackup | undefined>;
}

/** A journal with the tag of the version that was read; `undefined` tag: there is none yet. */
export interface StoredJournal {
  readonly journal: Journal | undefined;
  readonly tag: string | undefined;
}

export interface Journals {
  /** @throws PortError; a journal that cannot be understood is given as a fault, never as an empty one. */
  read(
    connector: string,
  ): Promise<StoredJournal | { readonly kind: 'broken'; readonly reason: string; readonly tag: string }>;
  /** Compare and swap: writes only over `tag` (or over nothing). `lost`: somebody else wrote meanwhile. */
  write(
    connector: string,
    journal: Journal,
    tag: string | undefined,
  ): Promise<{ readonly kind: 'written'; readonly tag: string } | { readonly kind: 'lost' }>;
}

export interface SignsOfLife {
  /** What could be seen of the connector between the two moments. Never throws: what cannot be read says so. */
  look(connector: LiveConnector, from: Instant, to: Instant): Promise<Signs>;
}

export interface Past {
  /**
   * The rate at which tasks took records in, minute by minute, over the two weeks (`pastSeconds`) before `to`. It may end some minutes before that.
   * Never throws: what cannot be read says so.
   */
  rates(connector: LiveConnector, to: Instant): Promise<PastRates>;
}

export interface Sweep {
  /** When the sweep last ran. */
  lastSeenAt(): Promise<Instant | undefined>;
}

export interface Holds {
  /** The hold over the whole stack, if there is one; what cannot be understood is given as one. @throws PortError */
  onStack(): Promise<Held | undefined>;
}

/** Another connector of the stack, as its journal tells of it. */
export type Neighbour =
  | { readonly kind: 'read'; readonly connector: string; readonly journal: Journal | undefined }
  /** Nothing is known of it. */
  | { readonly kind: 'unreadable'; readonly connector: string; readonly reason: string };

export interface Neighbours {
  /** Every other configured connector of the stack. Never throws: what cannot be read says so. */
  of(connector: string): Promise<readonly Neighbour[]>;
}

/** Where a person goes from a message: only the edge knows the console and its own name. */
export interface Directions {
  /** Lines with links, such as `Connector: https://...`. */
  links(connector: string, arn: string | undefined): readonly string[];
  /** The command that calls this product by hand with that input, ready to paste. */
  command(input: Readonly<Record<string, string | boolean>>): string;
  /** The command that stores a connector's live configuration. */
  captureCommand(connector: string): string;
  /** Where nothing is ever deleted, words about deletions would only puzzle. */
  readonly nothingIsDeleted?: true;
}

export interface Notifier {
  tell(message: Message): Promise<void>;
}

export interface Clock {
  now(): Instant;
  sleep(seconds: number): Promise<void>;
}

/** One line for the operator's log; fields are structured and hold no secrets. */
export interface Recorder {
  note(event: string, fields: Readonly<Record<string, unknown>>): void;
}

export interface Ports {
  readonly connectors: Connectors;
  readonly savedConfigs: SavedConfigs;
  readonly journals: Journals;
  readonly signsOfLife: SignsOfLife;
  readonly past: Past;
  readonly sweep: Sweep;
  readonly holds: Holds;
  readonly standingOrders: StandingOrders;
  readonly neighbours: Neighbours;
  /** Where workers are reached. */
  readonly workers?: Workers;
  readonly notifier: Notifier;
  readonly directions: Directions;
  readonly clock: Clock;
  readonly recorder: Recorder;
  /** A new identity for a recovery or a lease holder. */
  readonly newId: () => string;
}
