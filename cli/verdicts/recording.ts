import type { ConnectorKind } from '../../recovery/policy.ts';

/** How a connector really was at a moment, whatever was said of it. */
export type Truth =
  | 'healthy'
  | 'busy'
  | 'idle'
  | 'lagging'
  | 'snapshotting'
  | 'recovering its schema history'
  | 'restarting'
  | 'rebalancing'
  | 'cut, and healing by itself'
  | 'its source away'
  | 'its position gone'
  | 'refused by its source'
  | 'dead';

/** What a worker showed at one moment. Absent: it was not shown. */
export interface RecordedSample {
  readonly atSeconds: number;
  readonly running?: number | undefined;
  readonly errored?: number | undefined;
  readonly connected?: number | undefined;
  readonly msSinceLastEvent?: number | undefined;
  /** Records per second. */
  readonly pollRate?: number | undefined;
  readonly writeRate?: number | undefined;
  /** Of a sink: records that wait. */
  readonly lag?: number | undefined;
  /** Lines since the sample before that say that offsets were committed. */
  readonly commits: number;
}

/** A series of what a connector showed, with how it really was. Times are in seconds from the break, or from the beginning where nothing broke. */
export interface Recording {
  readonly name: string;
  /** `made from facts`: no worker showed it; what is known of such a case was written out as a series. */
  readonly origin: 'measured' | 'measured, its lag reckoned from its rate' | 'made from facts';
  readonly kind: ConnectorKind;
  readonly connectVersion: '2.7.1' | '3.7.x';
  /** `connectorConfiguration`, as far as a verdict depends on it. */
  readonly configuration: Readonly<Record<string, string>>;
  /** @default 30 days before the first sample */
  readonly createdAtSeconds?: number;
  /** Its states on MSK Connect where it was not RUNNING all the time, in their order: `RESTARTING`, `CREATING`, `FAILED`, `gone`. */
  readonly states: readonly { readonly atSeconds: number; readonly state: string }[];
  readonly samples: readonly RecordedSample[];
  readonly lines: readonly { readonly atSeconds: number; readonly text: string }[];
  /** How late values and lines are delivered. @default at once */
  readonly lateSeconds?: { readonly metrics: number; readonly log: number };
  /** From which moment on it was so; the first begins with the recording. */
  readonly truth: readonly { readonly fromSeconds: number; readonly is: Truth }[];
}

/** How it really was at that moment. */
export function truthAt({ truth }: Recording, atSeconds: number): Truth {
  return truth.findLast(({ fromSeconds }) => fromSeconds <= atSeconds)?.is ?? 'healthy';
}
