import type { SavedConfig } from '../saved.ts';
import { duration, secondsBetween } from '../time.ts';
import type { Instant } from '../time.ts';
import { recreationAnswer, restartAnswer } from './answers.ts';
import { isReady } from './finding.ts';
import type { Finding } from './finding.ts';
import { judge } from './judge.ts';
import type { Judgement } from './judge.ts';
import type { Subject } from './subject.ts';

/** What could be gathered of one configured connector. */
export type Gathered =
  | { readonly kind: 'subject'; readonly subject: Subject }
  /** There is nothing to judge: no connector of that name, and no saved config that could be created. */
  | { readonly kind: 'nothing'; readonly name: string; readonly saved: SavedConfig }
  /** It could not be read. `passing`: by itself it may be readable next time. */
  | { readonly kind: 'unread'; readonly name: string; readonly reason: string; readonly passing: boolean };

/** What concerns every connector of a stack. */
export interface StackFacts {
  readonly now: Instant;
  /** When the sweep last ran; absent: it was never seen. `unread`: whether it did cannot be told; `passing`: by itself it may be next time. */
  readonly sweepSeenAt?: Instant | { readonly unread: string; readonly passing?: boolean };
  /** Nothing is deleted unless the sweep ran within this time: the most patient policy's. */
  readonly sweepSeenWithinSeconds: number;
}

/** The name under which stands what concerns every connector. No connector can have it. */
export const everyConnector = '(every connector)';

/** Judges what is deployed: each configured connector, and, if there is something to say, what concerns all of them. Pure. */
export function judgeDeployed(gathered: readonly Gathered[], stack: StackFacts): readonly Judgement[] {
  const judged = judge(gathered.flatMap((one) => (one.kind === 'subject' ? [one.subject] : [])));
  const ofSweep = sweepFindings(stack);
  return [
    ...gathered.map((one): Judgement => {
      if (one.kind === 'subject') {
        const found = judged.find(({ name }) => name === one.subject.name);
        if (found !== undefined) return found;
      }
      const name = one.kind === 'subject' ? one.subject.name : one.name;
      return judgement(name, one.kind === 'unread' ? unreadFindings(one.reason) : nothingFindings(one));
    }),
    ...(ofSweep.length > 0 ? [judgement(everyConnector, ofSweep)] : []),
  ];
}

function judgement(name: string, findings: readonly Finding[]): Judgement {
  return {
    name,
    platform: 'msk-connect',
    ready: isReady(findings),
    restart: restartAnswer(findings),
    recreation: recreationAnswer(findings),
    findings,
  };
}

const both = ['restart', 'recreation'] as const;

function nothingFindings(one: Exclude<Gathered, { kind: 'unread' }>): Finding[] {
  const place = one.kind === 'nothing' ? ` (${one.saved.place})` : '';
  return [
    {
      rule: 'absent',
      severity: 'blocks',
      found: `there is no connector of that name in this account and Region, and no saved config that could be created${place}`,
      leadsTo: 'nothing watches it, and it cannot be created from here',
      cure: 'create it, or take it out of connectors.json',
      affects: both,
    },
  ];
}

function unreadFindings(reason: string): Finding[] {
  return [
    {
      rule: 'unreadable',
      severity: 'cannot-tell',
      found: `it could not be read: ${reason}`,
      leadsTo: 'nobody knows whether it is ready',
      cure: 'see why it cannot be read; docs/permissions.md lists the rights that a check needs',
      needs: 'its description',
      affects: both,
    },
  ];
}

/** Without the sweep nobody would finish an interrupted recreation, so nothing is deleted (rule 3). */
function sweepFindings({ now, sweepSeenAt, sweepSeenWithinSeconds }: StackFacts): Finding[] {
  if (typeof sweepSeenAt === 'object') {
    return [
      {
        rule: 'sweep-unseen',
        severity: 'cannot-tell',
        found: `whether the sweep runs could not be read: ${sweepSeenAt.unread}`,
        leadsTo: 'nobody knows whether a deletion would be refused for it',
        cure: 'name the bucket of a deployed stack, and read it as one of its operators',
        needs: 'sweep.json in the bucket of the stack',
        affects: ['recreation'],
      },
    ];
  }
  const silence = sweepSeenAt === undefined ? undefined : secondsBetween(sweepSeenAt, now);
  if (silence !== undefined && silence <= sweepSeenWithinSeconds) return [];
  return [
    {
      rule: 'sweep-unseen',
      severity: 'blocks',
      found:
        silence === undefined ? 'the sweep has never been seen' : `the sweep was last seen ${duration(silence)} ago`,
      leadsTo:
        'nothing is deleted, for nobody would finish an interrupted recreation; what sends no event is not found',
      cure: 'see in the function’s log why the sweep fails, or whether its schedule is switched off',
      affects: ['recreation'],
    },
  ];
}
