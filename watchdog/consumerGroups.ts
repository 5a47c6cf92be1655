/** Where one partition of a topic stands for a consumer group. Offsets are numbers of records, from 0 on. */
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  /** Absent: nothing was ever committed there. */
  readonly committed?: number;
  /** The offset after the newest record. */
  readonly end: number;
  /** The client that the partition is assigned to, `connector-consumer-<connector>-<task>`; absent: to nobody. */
  readonly client?: string;
}

/** A sink's position as the Kafka cluster knows it. */
export interface ConsumerGroups {
  /** Every partition that the group committed or is assigned; none where there is no such group. @throws PortError */
  lag(group: string): Promise<readonly PartitionLag[]>;
}
