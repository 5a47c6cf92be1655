import type { Message } from '../../recovery/message.ts';
import { paragraphs, section, subject } from '../../recovery/messageParts.ts';
import { duration, secondsBetween } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import type { Trouble, TroubleKind } from './clusterTroubles.ts';

interface Words {
  /** After "worker x" or "cluster x". */
  readonly is: string;
  readonly over: string;
  readonly means: string;
  readonly next: string;
}

const words: Readonly<Record<TroubleKind, Words>> = {
  unreadable: {
    is: 'answers no more',
    over: 'answers again',
    means: 'Nothing is known of its connectors meanwhile, so none is touched. Whether data flows cannot be said.',
    next: 'See whether its workers run and can be reached from here on the addresses in watchdog.json.',
  },
  silent: {
    is: 'answers no more',
    over: 'answers again',
    means:
      'Kafka Connect itself moves its tasks to other workers, if there are any, after scheduled.rebalance.max.delay.ms (5 min by default). The watchdog leaves that to it.',
    next: 'See whether its process runs; start it again if nobody else does.',
  },
  slow: {
    is: 'answers slowly',
    over: 'answers as usual again',
    means:
      'The others were asked in its place. Its tasks may run as before, or wait for memory or CPU as its answers do.',
    next: 'See its garbage collection, its CPU, and whether its host swaps.',
  },
  'lost-its-group': {
    is: 'has lost its group',
    over: 'is back in its group',
    means:
      'Its REST interface answers, the herder behind it does not: it waits for the Kafka cluster, or for a task that does not stop. What it says of its tasks may be old, so none of them is touched.',
    next: 'See whether its brokers can be reached from it; a worker whose herder stays stuck needs to be restarted.',
  },
};

/** What people hear once when a cluster or one of its workers is in trouble. */
export function composeTrouble(cluster: string, trouble: Trouble): Message {
  const { is, means, next } = words[trouble.kind];
  const who = named(cluster, trouble);
  return {
    connector: cluster,
    subject: subject(cluster, `${trouble.worker === undefined ? 'the cluster' : `worker ${trouble.worker}`} ${is}`),
    text: paragraphs([
      `${who} ${is}.`,
      section('What was seen', [`Since ${trouble.since}${trouble.reason === '' ? '' : `: ${trouble.reason}`}`]),
      means,
      section('What to do next', [next]),
    ]),
  };
}

/** What people hear once when it is over. */
export function composeTroubleOver(cluster: string, trouble: Omit<Trouble, 'reason'>, at: Instant): Message {
  const { over } = words[trouble.kind];
  return {
    connector: cluster,
    subject: subject(cluster, `${trouble.worker === undefined ? 'the cluster' : `worker ${trouble.worker}`} ${over}`),
    text: paragraphs([
      `${named(cluster, trouble)} ${over}.`,
      section('What was seen', [
        `In trouble since ${trouble.since}, for ${duration(secondsBetween(trouble.since, at))} at most.`,
      ]),
    ]),
  };
}

function named(cluster: string, { worker }: Pick<Trouble, 'worker'>): string {
  return worker === undefined ? `The Kafka Connect cluster ${cluster}` : `Worker ${worker} of cluster ${cluster}`;
}
