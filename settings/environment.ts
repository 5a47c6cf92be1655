/**
 * The names of the function's environment variables, shared by the stack that sets them and the function that reads them.
 * The function's `settings.json` (see `FunctionSettings`) lies beside its bundle.
 */
export const environment = {
  /** The stack's bucket for saved configs, journals and backups. */
  bucket: 'RECOVERY_BUCKET',
  /** The topic that people are told through. */
  topicArn: 'RECOVERY_TOPIC_ARN',
} as const;

/** Keys in the stack's bucket. */
export const keys = {
  /** Default place of a saved create request: `connectors/<name>.json`. */
  savedConfigs: 'connectors/',
  /** `journals/<name>.json`. */
  journals: 'journals/',
  /** What persons ordered and is in force, so that none is lost with a journal: `orders/<name>.json`. */
  orders: 'orders/',
  /** `backups/<name>/<ISO time>-<recovery id>.json`. */
  backups: 'backups/',
  /** When the sweep last ran. */
  sweep: 'sweep.json',
  /** What the daily check found, since when, and what of it people were told. */
  readiness: 'readiness.json',
  /** Whether a person holds the whole stack. */
  hold: 'hold.json',
} as const;

/** What EventBridge Scheduler sends to the function. */
export type ScheduledInput =
  | { readonly source: 'connector-recovery.sweep' }
  | { readonly source: 'connector-recovery.check' }
  | { readonly source: 'connector-recovery.schedule'; readonly connector: string };
