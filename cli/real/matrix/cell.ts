import type { FailureId } from './failures.ts';
import type { VariantId } from './variants.ts';

/** What may be done for the connector, and by whom. */
export type CellRemedy =
  /** The product is deployed and looks, and is allowed no remedy: what is seen is the failure's own course. */
  | 'watch'
  /** The product as its defaults are. */
  | 'product'
  /** A person asks the function for it, 60 s after the break. */
  | 'restart'
  | 'recreate'
  /** The product first; where it refused, a person deletes and creates by hand, to show what it would have cost. */
  | 'product-then-by-hand';

export interface CellOptions {
  /** `connect.keep.alive` is false; Debezium's default, where it knows the option, is true. */
  readonly keepAliveOff: boolean;
  /** `connect.keep.alive.interval.ms`. @default 60 s, as Debezium has it */
  readonly keepAliveSeconds?: number;
  /** `use.nongraceful.disconnect`; absent: not set. */
  readonly nongracefulDisconnect?: boolean;
  readonly tls: boolean;
  /** Rows a second, from before the break on. */
  readonly rowsPerSecond: 0 | 1;
  /** `heartbeat.interval.ms` of 5 s. */
  readonly heartbeats: boolean;
  /** Whether the worker configuration names the offsets topic. */
  readonly pinned: boolean;
}

/** Debezium's own defaults, a row a second, and a position that survives a recreation. */
export const usual: CellOptions = {
  keepAliveOff: false,
  tls: false,
  rowsPerSecond: 1,
  heartbeats: false,
  pinned: true,
};

/** What MSK Connect is asked to do with a connector. */
export type Act = 'RestartConnector' | 'DeleteConnector' | 'CreateConnector';

/** What must come about for a cell to pass; written before it runs. */
export interface Expectation {
  /** An alarm that makes the function look, so many seconds after the break at most. Absent: none is asked for. */
  readonly detectedWithinSeconds?: number;
  /** What may be done to it, each a whole sequence; the empty one is "not touched". */
  readonly acts: readonly (readonly Act[])[];
  /** No act sooner than this after the break: the time in which this kind of failure heals itself. */
  readonly notBeforeSeconds?: number;
  /** A verdict that must be reached. */
  readonly verdict?: 'dead' | 'idle' | 'elsewhere';
  /** The function never says this of it. */
  readonly neverVerdict?: 'dead' | 'idle';
  /** How the function must have ended at least once. */
  readonly outcome?: 'recovered' | 'acted-unproved' | 'refused' | 'gave-up';
  /** Whether rows written after the break must arrive in the end; absent: that is what the cell is to find out. */
  readonly dataFlows?: boolean;
  /** Whether they must arrive without an act. */
  readonly healsByItself?: boolean;
  /** Rows that may be missing in the end, and why where it is not none. */
  readonly lost: { readonly least: number; readonly most: number; readonly because?: string };
}

/** One run: a failure, a connector, how it is set, and what may be done. */
export interface Cell {
  readonly id: string;
  readonly failure: FailureId;
  readonly variant: VariantId;
  readonly options: CellOptions;
  readonly remedy: CellRemedy;
  readonly expects: Expectation;
}

/** A combination that cannot be run, and why. */
export interface ImpossibleCell {
  readonly id: string;
  readonly failure: FailureId;
  readonly variant: VariantId;
  readonly why: string;
}

/** The name of a cell and of its file: failure, variant, what is set otherwise than usual, and the remedy. */
export function cellId(cell: Omit<Cell, 'id' | 'expects'>): string {
  const { options } = cell;
  return [
    cell.failure,
    cell.variant,
    ...(options.keepAliveOff ? ['no-keepalive'] : []),
    ...(options.keepAliveSeconds === undefined ? [] : [`interval-${options.keepAliveSeconds}s`]),
    ...(options.nongracefulDisconnect === undefined
      ? []
      : [options.nongracefulDisconnect ? 'nongraceful' : 'graceful']),
    ...(options.tls ? ['tls'] : []),
    ...(options.rowsPerSecond === 0 && cell.failure !== 'idle' ? ['quiet'] : []),
    ...(options.heartbeats ? ['heartbeats'] : []),
    ...(options.pinned ? [] : ['unpinned']),
    cell.remedy,
  ].join('-');
}
