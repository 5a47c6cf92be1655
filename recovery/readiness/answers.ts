import type { Finding, Step } from './finding.ts';

/** The answer to "would it help", or "could it be done". */
export interface Answer {
  /** `at-a-price`: it can be done, and loses or doubles something. */
  readonly kind: 'yes' | 'at-a-price' | 'no' | 'cannot-tell';
  /** One reason a finding, the worst first; what is lost, where something is; empty with `yes`. */
  readonly because: readonly string[];
}

/** Whether a restart would help. */
export function restartAnswer(findings: readonly Finding[]): Answer {
  return answer(findings, 'restart');
}

/** Whether it could be deleted and created again, and what would be lost. */
export function recreationAnswer(findings: readonly Finding[]): Answer {
  return answer(findings, 'recreation');
}

function answer(findings: readonly Finding[], step: Step): Answer {
  const about = findings.filter(({ affects }) => affects.includes(step));
  const of = (severity: Finding['severity']) => about.filter((finding) => finding.severity === severity);
  const [blocks, harms, open, idle] = [of('blocks'), of('harms'), of('cannot-tell'), of('improve')];
  if (blocks.length + idle.length > 0) {
    return { kind: 'no', because: [...blocks, ...idle].map(({ leadsTo }) => leadsTo) };
  }
  if (open.length > 0) {
    const needs = [...new Set(open.map(({ needs: what }) => what ?? 'more'))];
    return { kind: 'cannot-tell', because: [...harms.map(({ leadsTo }) => leadsTo), `needs ${needs.join(', ')}`] };
  }
  if (harms.length > 0) return { kind: 'at-a-price', because: harms.map(({ leadsTo }) => leadsTo) };
  return { kind: 'yes', because: [] };
}
