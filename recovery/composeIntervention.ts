import { yourName } from './intervention.ts';
import type { Command } from './intervention.ts';
import type { Message } from './message.ts';
import { paragraphs, section, subject } from './messageParts.ts';
import type { Ports } from './ports.ts';

/** A person's word as others hear it; without a connector it is on the whole stack. */
export type Told = Omit<Command, 'connector'> & { readonly connector?: string };

/** The e-mail by which others hear once what a person ordered, and how it is undone. A call-off is told with its outcome. */
export function composeIntervention(told: Told, done: string, at: string, ports: Pick<Ports, 'directions'>): Message {
  const { connector, who, why } = told;
  const { nothingIsDeleted } = ports.directions;
  const about = connector ?? (nothingIsDeleted ? 'every connector' : 'every connector of the stack');
  const { news, next } = told.do === 'call-off' ? calledOff : words[told.do];
  const headline = `${nothingIsDeleted && told.do === 'hold' ? 'held: no restarts, by' : news} ${who}`;
  const undo = next?.(connector === undefined ? {} : { connector });
  return {
    connector: connector ?? '',
    subject: subject(connector ?? 'ALL CONNECTORS', headline),
    text: paragraphs([
      `${about}: ${headline}.`,
      section('What happened', [`At ${at} by ${who}${why === undefined ? '' : `: ${why}`}`, done]),
      section(
        'What to do next',
        undo === undefined ? [] : [`${undo.says}: ${ports.directions.command({ ...undo.input, who: yourName })}`],
      ),
      section('Where', connector === undefined ? [] : ports.directions.links(connector, undefined)),
    ]),
  };
}

type Whose = { readonly connector?: string };
type Next = (whose: Whose) => { readonly says: string; readonly input: Readonly<Record<string, string>> };

const calledOff: { readonly news: string; readonly next?: Next } = { news: 'called off by' };

const words: Readonly<Record<Exclude<Told['do'], 'call-off'>, { readonly news: string; readonly next?: Next }>> = {
  hold: {
    news: 'held: no restarts, no deletions, by',
    next: (whose) => ({ says: 'Release', input: { ...whose, do: 'release' } }),
  },
  release: { news: 'released by' },
  accept: { news: 'its live configuration was accepted by' },
  approve: {
    news: 'its deletion is approved by',
    next: (whose) => ({ says: 'Stop it all the same', input: { ...whose, do: 'hold' } }),
  },
};
