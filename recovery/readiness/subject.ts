import type { ConnectorState, CreateRequest } from '../connector.ts';
import type { Policy } from '../policy.ts';
import type { OffsetSurvival, SavedConfig } from '../saved.ts';

/** Something that a configuration alone does not tell: known, or unknown with what would tell it (`pluginVersion`). */
export type Fact<Value> =
  { readonly kind: 'known'; readonly value: Value } | { readonly kind: 'unknown'; readonly needs: string };

export type Platform = 'msk-connect' | 'self-managed';

/** One connector to judge: from a file and its context, or from what is deployed. */
export interface Subject {
  readonly platform: Platform;
  readonly name: string;
  /** May hold secrets in plain text: no rule repeats a value of a key that may be one. */
  readonly configuration: Readonly<Record<string, string>>;
  /** With `msk-connect`: the whole create request, of which `configuration` is a part. */
  readonly request?: CreateRequest;
  readonly facts: Facts;
  /** Only of a connector that is deployed: what a file cannot know of. Absent: the rules about it do not apply. */
  readonly deployed?: Deployed;
}

export interface Facts {
  /** Of the workers: `3.7.1`, or MSK Connect's `3.7.x`. */
  readonly connectVersion: Fact<string>;
  /** Of the connector's plugin: `2.7.4.Final`. */
  readonly pluginVersion: Fact<string>;
  /** The database behind it as a person names it: `mysql 8.0`, `mariadb 10.11`, `postgresql 15`. */
  readonly database: Fact<string>;
  /** What the database server reports as its time zone: `UTC`, `KST`. */
  readonly databaseTimeZone: Fact<string>;
  readonly binlogRetentionHours: Fact<number>;
  /** The owner's word for how long the connector may be away; unknown: the product's own worst case is taken. */
  readonly longestOutageHours: Fact<number>;
  /** The worker's properties. Known and empty: the platform's defaults. */
  readonly workerProperties: Fact<Readonly<Record<string, string>>>;
  /** The cluster's topics, all of them. */
  readonly topics: Fact<readonly string[]>;
  /** The major version of Java that self-managed workers run; absent: unknown. MSK Connect's follows from `connectVersion`. */
  readonly javaVersion?: Fact<number>;
}

/** What is seen of a connector that is deployed; read by lambda/. */
export interface Deployed {
  readonly state?: ConnectorState;
  readonly saved: SavedConfig;
  /** Fields in which the saved config differs from the live one (`drift`); empty where there is none to compare. */
  readonly drift: readonly string[];
  /** What the policy does about drift; absent: it refuses. */
  readonly onDrift?: Policy['drift'];
  /** Whether a recreation from the saved config would find its place again (`judgeOffsets`). */
  readonly offsets: OffsetSurvival;
  /** Whether the owner's policy pins the default offsets topic before a deletion (`offsets: "pin-default-topic"`). Absent: it does not. */
  readonly pinsDefaultTopic?: boolean;
  /** ARN and revision of each custom plugin of the request that is gone or not ACTIVE. */
  readonly gonePlugins: Fact<readonly string[]>;
  /** The request's worker configuration, where that or its revision is gone. */
  readonly goneWorkerConfigurations: Fact<readonly string[]>;
  /** Whether this function may pass the request's service execution role. */
  readonly mayPassRole: Fact<boolean>;
  /** Fields of the saved config that differ, with the values that may be shown: `drift` with what a person needs to judge it. */
  readonly differences?: readonly Difference[];
  /** The command that makes the live configuration the saved one. */
  readonly acceptCommand?: string;
  /** The connectors.json of the stack beside the live connector: fields that say otherwise. */
  readonly misconfigured?: readonly Difference[];
  /** What keeps a recreated connector, which has another ARN, from taking the execution role, in words; empty: nothing does. */
  readonly shutOutBy?: Fact<readonly string[]>;
  /** Whether the log group that the worker log is delivered to exists. Absent: it is delivered to none. */
  readonly logGroupThere?: Fact<boolean>;
  /** Metrics that connectors.json counts on and that showed no datapoint lately, though the connector runs. */
  readonly unpublished?: Fact<readonly string[]>;
}

/** One field that says two things. Texts are fit to be shown: no secret, and short. */
export interface Difference {
  readonly field: string;
  /** What the saved config, or connectors.json, says; absent: nothing. */
  readonly kept?: string;
  /** What the live connector says; absent: nothing. */
  readonly live?: string;
}

export function known<Value>(value: Value): Fact<Value> {
  return { kind: 'known', value };
}

export function unknown(needs: string): { readonly kind: 'unknown'; readonly needs: string } {
  return { kind: 'unknown', needs };
}
