import type { Finding, Severity } from './finding.ts';
import type { Subject } from './subject.ts';

/** One rule of readiness: a pure function, and what docs/readiness.md says of it. */
export interface Rule {
  /** In the field's own terms, stable: `plaintext-secret`. */
  readonly name: string;
  /** What is wrong where it fires, in a few words. */
  readonly what: string;
  /** The severities that it can give, the worst first; `cannot-tell` not among them. */
  readonly severities: readonly Exclude<Severity, 'cannot-tell'>[];
  /** What it leads to. */
  readonly reason: string;
  readonly cure: string;
  /** What of the context it may need; where that is missing it says `cannot-tell`. */
  readonly needs: readonly string[];
  /** Addresses of what says so: documentation, or the code. */
  readonly sources: readonly string[];
  /**
   * Gives nothing where the rule does not apply or is kept, a finding for each place where it is broken, and `cannot-tell` where it applies and
   * a fact is missing.
   * @param beside every subject judged together, `subject` among them
   */
  readonly judge: (subject: Subject, beside: readonly Subject[]) => readonly Finding[];
}
