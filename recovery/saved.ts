import type { CreateRequest } from './connector.ts';

/** The create request that is kept in S3 for a connector, as it was found. */
export type SavedConfig =
  | { readonly kind: 'valid'; readonly request: CreateRequest; readonly place: string }
  | { readonly kind: 'invalid'; readonly faults: readonly string[]; readonly place: string }
  | { readonly kind: 'missing'; readonly place: string }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly place: string };

/** Whether a recreation would find its place again. */
export type OffsetSurvival =
  | { readonly kind: 'kept'; readonly reason: string }
  /** `unpinned`: only because no topic is pinned; the live connector keeps them in a topic that could be. */
  | { readonly kind: 'lost'; readonly reason: string; readonly unpinned?: true }
  /** `pinsDefault`: they would be kept if the live connector's default topic has the name that its ARN tells [inferred]. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly pinsDefault?: true };
