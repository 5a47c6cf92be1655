import { recreationAnswer, restartAnswer, type Answer } from './answers.ts';
import { isReady, type Finding, type Severity } from './finding.ts';
import { rules } from './rules.ts';
import type { Platform, Subject } from './subject.ts';

/** What is said of one connector. */
export interface Judgement {
  readonly name: string;
  readonly platform: Platform;
  /** Nothing blocks, nothing harms, and nothing that is needed is unknown. */
  readonly ready: boolean;
  /** Whether a restart would help it. */
  readonly restart: Answer;
  /** Whether it could be deleted and created again, and what that would lose. */
  readonly recreation: Answer;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

const worstFirst: readonly Severity[] = ['blocks', 'harms', 'cannot-tell', 'improve'];

/** Judges connectors by every rule; rules that compare connectors see all of `subjects`. Pure. */
export function judge(subjects: readonly Subject[]): readonly Judgement[] {
  return subjects.map((subject) => {
    const findings = rules
      .flatMap((rule) => rule.judge(subject, subjects))
      .toSorted((a, b) => worstFirst.indexOf(a.severity) - worstFirst.indexOf(b.severity));
    return {
      name: subject.name,
      platform: subject.platform,
      ready: isReady(findings),
      restart: restartAnswer(findings),
      recreation: recreationAnswer(findings),
      findings,
    };
  });
}
