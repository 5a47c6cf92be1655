/**
 * How bad a finding is.
 * - `blocks`: a restart or a recreation would fail, or would be refused.
 * - `harms`: data would be lost, doubled or not seen, a secret lies open, or a death would not be noticed.
 * - `improve`: it works; a person should know of it.
 * - `cannot-tell`: the rule applies, and what it needs to know is missing. Never the same as "ready".
 */
export type Severity = 'blocks' | 'harms' | 'improve' | 'cannot-tell';

/** What a recovery could do, as the two answers at the head of a judgement ask. */
export type Step = 'restart' | 'recreation';

/** One thing that a rule found, in words for a person. No field ever holds a secret's value. */
export interface Finding {
  /** The rule's name, as in docs/readiness.md: stable, for machines. */
  readonly rule: string;
  readonly severity: Severity;
  /** The configuration key, or the place, that it is about. */
  readonly where?: string;
  /** What is there. */
  readonly found: string;
  /** What that leads to. */
  readonly leadsTo: string;
  /** What to do about it. */
  readonly cure: string;
  /** With `cannot-tell`: what would tell, such as `pluginVersion`. */
  readonly needs?: string;
  /**
   * Which answers it stands against: with `blocks` the step fails, with `harms` it costs what `leadsTo` says, with `cannot-tell` nobody
   * knows, with `improve` the step is of no use.
   */
  readonly affects: readonly Step[];
}

/** Whether nothing would go wrong as far as can be told, and enough can be told. */
export function isReady(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity === 'improve');
}
