import { yourName } from './intervention.ts';
import type { Message } from './message.ts';
import { paragraphs, section, subject } from './messageParts.ts';
import type { Ports } from './ports.ts';
import type { Verdict } from './verdict.ts';
import type { WatchedWithLess } from './watchedWithLess.ts';

/** The e-mail about a connector that is watched with less from now on, where there is no other news to say it beside. */
export function composeLess(
  connector: string,
  less: WatchedWithLess,
  verdict: Verdict,
  ports: Pick<Ports, 'directions'>,
): Message {
  return {
    connector,
    subject: subject(connector, 'watched with less, until a planned recreation'),
    text: paragraphs([
      `${connector}: watched with less, until a planned recreation.`,
      section('How it is', [verdict.because, 'Nothing was touched.']),
      lessSection(connector, less, ports),
      section('Where', ports.directions.links(connector, less.of)),
    ]),
  };
}

/** What was lost, what remains, and the way out. */
export function lessSection(connector: string, less: WatchedWithLess, ports: Pick<Ports, 'directions'>): string {
  const recreate = { connector, remedy: 'recreate' } as const;
  return section('Watched with less from now on', [
    `When its task was restarted, the dead task before it still held the names of its metrics: what Debezium publishes has been the dead task's since ${less.since}, for as long as the worker lives.`,
    `Lost: ${less.lost.join(', ')}, and whatever else Debezium publishes of itself. An alarm on them may stay in ALARM: it counts for nothing, and nobody is told of it again.`,
    `It is judged by what remains: ${less.remains.join('; ')}.`,
    'The way out is a planned recreation, at an hour that suits you: it gives the connector another worker. Whether it could be done, without touching anything:',
    ports.directions.command({ ...recreate, dryRun: true }),
    'and then:',
    ports.directions.command({ ...recreate, who: yourName }),
  ]);
}
