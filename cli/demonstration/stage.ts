import type { LocalClock } from '../../local/clock.ts';
import type { RowCount } from '../../local/connect/rowCount.ts';
import type { LocalAws } from '../../local/stack/localAws.ts';

/** One connector of a run, and what befalls it. */
export interface Part {
  readonly name: string;
  /** What a person is told about it. */
  readonly about: string;
  readonly fate: 'half-open' | 'idle';
  readonly expect: 'restarted' | 'recreated' | 'left alone';
}

/** An account on this machine in which connectors run, simulated or real, and the product is deployed: as its director and its spectators see it. */
export interface Stage {
  readonly clock: Pick<LocalClock, 'now'>;
  readonly aws: Pick<LocalAws, 'cloudwatch' | 'logs' | 'connect' | 's3' | 'sns'>;
  readonly stackName: string;
  readonly bucket: string;
  /** Where the function writes its log. */
  readonly functionLogGroup: string;
  /** How the rows that a connector should carry have fared; it may be deleted by now. Nothing of the product can ask. */
  rows(connector: string): Promise<RowCount>;
  /** Lets it befall the connector. */
  strike(connector: string, fate: Part['fate']): void;
}
