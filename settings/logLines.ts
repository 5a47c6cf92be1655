import type { ConnectorKind } from '../recovery/policy.ts';

/**
 * The log line that says that offsets were really committed, as CloudWatch Logs filter-pattern terms (to be quoted and AND-ed),
 * and terms that must not be in it. `undefined`: that version writes no such line at INFO for that kind.
 * Sources, read in the code of apache/kafka at tags 2.7.1 and 3.7.1: WorkerSourceTask.java, WorkerSinkTask.java, SourceTaskOffsetCommitter.java.
 * In 2.7.1 `Committing offsets` is logged on every tick, even when stuck; in 3.7.1 `Committing offsets for N acknowledged messages` only for N > 0,
 * but "for 0 acknowledged" was once seen on an idle source, so it is excluded.
 * A sink of 2.7.1 writes `Committing offsets asynchronously` or `synchronously`, only when they changed; one term serves both, so that
 * nothing hangs on whether CloudWatch finds a term inside a longer word.
 */
export function commitLine(
  kind: ConnectorKind,
  connectVersion: string,
): { readonly terms: readonly string[]; readonly not: readonly string[] } | undefined {
  const old = connectVersion.startsWith('2.');
  if (kind === 'sink') {
    return old ? { terms: ['Committing offsets'], not: [] } : undefined;
  }
  return old
    ? { terms: ['Finished commitOffsets successfully'], not: [] }
    : { terms: ['Committing offsets for', 'acknowledged messages'], not: ['for 0 acknowledged'] };
}

/** How a connector's own lines begin, whatever the task: its name up to the bar, so that a prefix of another's name does not match. */
export function connectorTag(name: string): string {
  return `[${name}|task-`;
}

/** A CloudWatch Logs filter pattern out of terms: quoted, AND-ed, exclusions with a leading minus. */
export function filterPattern(terms: readonly string[], not: readonly string[] = []): string {
  const quote = (term: string) => `"${term.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return [...terms.map(quote), ...not.map((term) => `-${quote(term)}`)].join(' ');
}
