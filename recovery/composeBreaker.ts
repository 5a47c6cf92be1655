import { probesInVain } from './breaker.ts';
import type { Member, OpenBreaker, Turn } from './breaker.ts';
import { yourName } from './intervention.ts';
import type { Message } from './message.ts';
import { paragraphs, section, subject } from './messageParts.ts';
import type { Ports } from './ports.ts';

/** How many connectors a message names. */
const mostNamed = 20;

/** In a sentence: how many are silent, and what follows. */
export function sayOpen(open: OpenBreaker): string {
  const held = open.over === 'stack' ? 'nothing is deleted, and one at a time is tried' : 'nothing is deleted';
  return `${whoIn(open)} are silent at once, so the cause is elsewhere: ${held} until one comes back.`;
}

/**
 * The e-mail about many connectors that are silent at once: once for all of them, and once more when probes were in vain.
 * @param teller the connector whose look tells it
 */
export function composeBreaker(
  open: OpenBreaker,
  turn: Turn,
  teller: string,
  ports: Pick<Ports, 'directions'>,
): Message {
  const vain = probesInVain(open);
  const headline = vain === 0 ? 'silent at once: held' : `still silent after ${vain} probes: a person is needed`;
  return {
    connector: teller,
    subject: subject(whoIn(open), headline),
    text: paragraphs([
      `${whoIn(open)}: ${headline}.`,
      section('What happened', [
        'So many fall silent at once only of something that they share: the cluster, a database, the network.',
        ...open.members.slice(0, mostNamed).map(ofMember),
        ...(open.members.length > mostNamed ? [`and ${open.members.length - mostNamed} more`] : []),
      ]),
      section('What is done', [
        'No connector is deleted until one of them has come back. What was deleted before is created all the same.',
        ...ofProbe(open, turn),
        `You are told of each that is restarted or recreated and comes back, and when ${teller} is alive again. Of others that come back by themselves you do not hear.`,
      ]),
      section('What to do next', [
        open.over === 'stack'
          ? 'Look at what they share: the cluster, the databases, the network.'
          : `Look at the database ${printable(open.over.host)} and the way to it.`,
        ...byWord(open, turn, ports),
        `Look again without touching anything: ${ports.directions.command({ connector: teller, dryRun: true })}`,
      ]),
      section('Where', ports.directions.links(teller, undefined)),
    ]),
  };
}

function whoIn({ over, of, members }: OpenBreaker): string {
  return over === 'stack'
    ? `${members.length} of ${of} connectors`
    : `${members.length} connectors of ${printable(over.host)}`;
}

const found: Readonly<Record<Member['verdict'], string>> = {
  dead: 'dead',
  elsewhere: 'its source is out of reach',
  ripening: 'a sign of life is overdue',
};

function ofMember({ connector, since, verdict, host }: Member): string {
  return `${connector}: ${found[verdict]}, seen since ${since}${host === undefined ? '' : ` (${printable(host)})`}`;
}

function ofProbe(open: OpenBreaker, turn: Turn): string[] {
  if (open.over !== 'stack') return ['Those that can be restarted are restarted.'];
  const after =
    'When it brings data back, the others go on by themselves; else the next is tried after 15 minutes, then 30, then every hour.';
  switch (turn.kind) {
    case 'next':
      return [`${turn.connector} is ${turn.remedy === 'restart' ? 'restarted' : 'recreated'} as a probe. ${after}`];
    case 'under-way':
      return [`${turn.connector} is being recovered and serves as a probe. ${after}`];
    case 'resting':
      return [`The next is tried as a probe at ${turn.until}. ${after}`];
    case 'nobody':
      return ['None of them can be restarted, so nothing is tried until a person says so.'];
  }
}

/** Where nothing tells us that the cause is over, a person does: by what is recreated first. Who names the remedy is never held. */
function byWord({ members }: OpenBreaker, turn: Turn, ports: Pick<Ports, 'directions'>): string[] {
  const first = members.find(({ stands }) => stands?.approvable === true) ?? members[0];
  if (first === undefined) return [];
  const { connector } = first;
  if (turn.kind !== 'nobody' || first.stands?.approvable !== true)
    return [
      `To restart one all the same: ${ports.directions.command({ connector, remedy: 'restart', who: yourName })}`,
    ];
  const command = ports.directions.command({ connector, do: 'approve', who: yourName });
  return [
    `When the cause is over, approve the recreation of one of them; when it has come back, the others go on by themselves: ${command}`,
  ];
}

/** A configuration's words in a message: printable, and of bounded length. */
function printable(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, 100);
}
