import type { ConnectTask } from './connectTask.ts';

/** One worker's process, as far as others can tell. */
export class ClusterWorker {
  readonly place: number;
  /** `host:port`, which the statuses name. */
  address: string;
  /** Where it is asked. */
  url: string;
  prometheusUrl: string;
  process: 'up' | 'starting' | 'down' | 'frozen' = 'up';
  /** A member of the cluster's group, and working as one. */
  inGroup = true;
  /** The others still count it as a member. */
  counted = true;
  /** Each answer is later by so much. */
  slowMs = 0;
  cutShort = false;
  /** Until then the one thread that changes anything is at work, as with a task that will not stop. */
  busyUntilMs = 0;
  /** Of whom Debezium's values are shown, by connector and task. */
  readonly metricsOwners = new Map<string, ConnectTask>();
  /** How many of each are assigned to it: Kafka Connect spreads the two apart from one another. */
  readonly load = { instances: 0, tasks: 0 };

  constructor(place: number, address: string, prometheusAddress: string) {
    this.place = place;
    this.address = address;
    this.url = `http://${address}`;
    this.prometheusUrl = `http://${prometheusAddress}/metrics`;
  }
}
