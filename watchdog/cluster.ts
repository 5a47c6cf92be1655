import type { Ports } from '../recovery/ports.ts';
import type { Sighting } from '../recovery/connector.ts';
import type { Signs } from '../recovery/signs.ts';
import type { Instant } from '../recovery/time.ts';
import type { ClusterSeen } from './seen.ts';

/** What the engine needs of a self-managed Kafka Connect, by the names `<cluster>/<connector>`. */
export type ClusterPorts = Pick<Ports, 'connectors' | 'savedConfigs' | 'signsOfLife' | 'past'> &
  Required<Pick<Ports, 'workers'>>;

/** One Kafka Connect cluster under watch. */
export interface Cluster {
  /** As its settings call it. */
  readonly name: string;
  /**
   * Looks once at everything, remembers it, and gives what was seen. Ends within 2 s of its beginning with what there is. Never throws. One at a
   * time: a call while one is under way gives the same answer.
   */
  round(): Promise<ClusterSeen>;
  /** The watched connectors that the last readable round saw, as `<cluster>/<connector>`. */
  watched(): readonly string[];
  /** What is remembered of one, without a question to anybody. @throws PortError where nothing is known yet */
  sighting(name: string): Sighting;
  /** What is remembered of its life between the two moments, without a question to anybody. */
  signs(name: string, from: Instant, to: Instant): Signs;
  /** Kafka Connect's version, the lowest of the workers' that were heard; `undefined` before any was. */
  readonly version: string | undefined;
  readonly ports: ClusterPorts;
  /** Ends every connection, whatever is under way. */
  close(): Promise<void>;
}
