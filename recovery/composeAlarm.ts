import { isAway } from './alarmed.ts';
import type { Recovery } from './journal.ts';
import { yourName } from './intervention.ts';
import type { Message } from './message.ts';
import { deed, paragraphs, section, subject } from './messageParts.ts';
import type { Lift } from './outcome.ts';
import type { Ports } from './ports.ts';
import { isOpenStop } from './stopAndResume.ts';

/**
 * The e-mail that comes again and again while a recovery that was begun does not come to its end: a connector of ours is deleted and not back,
 * does not run, or cannot be seen (`blind`).
 */
export function composeAlarm(
  connector: string,
  reason: string,
  recovery: Recovery,
  ports: Pick<Ports, 'directions'>,
  blind?: 'blind',
  lifts: readonly Lift[] = [],
): Message {
  const { subject: news, says, next: toDo } = alarms[alarmKind(recovery, blind)];
  const orders = [
    ...lifts,
    { says: 'Call it off: nothing more is done', input: { connector, do: 'call-off', who: yourName } },
  ].map((lift) => `${lift.says}: ${ports.directions.command(lift.input)}`);
  return {
    connector,
    subject: subject(connector, news),
    text: paragraphs([
      `${connector}: ${says}`,
      section('What happened', [reason, recovery.verdict.because]),
      section('What was done', recovery.acts.map(deed)),
      section('What to do next', [...(blind === undefined ? [] : [blindNext]), ...toDo, ...orders]),
      section('Where', ports.directions.links(connector, undefined)),
    ]),
  };
}

function alarmKind(recovery: Recovery, blind: 'blind' | undefined): keyof typeof alarms {
  if (isAway(recovery)) return 'deleted';
  const last = recovery.acts.at(-1);
  if (last !== undefined && isOpenStop(last)) return 'stopped';
  return blind === undefined ? 'unreached' : 'stuck';
}

const blindNext = 'Mend what the reason names: the next look finds it mended.';

const alarms = {
  deleted: {
    subject: 'DELETED AND NOT BACK YET',
    says: 'it was deleted to be recreated, and it does not exist yet. This is tried again and again, and you are told until it is back.',
    next: [
      'If CreateConnector is refused for a right, a quota or a missing resource, mend that: the next attempt finds it mended.',
      'To create it by hand, take the create request from the backup named above; the recovery notices and ends.',
    ],
  },
  unreached: {
    subject: 'RECREATED, AND DOES NOT RUN',
    says: 'it was recreated, and does not run: its source was out of reach or refused it, or the reason below says why. This is tried again with growing pauses, and you are told until data flows.',
    next: [
      'Bring the source back, or mend what the reason names (a password, a right, what lies between): the next attempt finds it mended.',
      'To try at once, delete it and create it again by hand from the backup named above. If you give it up, delete it: it is not created once more.',
    ],
  },
  stopped: {
    subject: 'STOPPED AND NOT RUNNING YET',
    says: 'it was stopped to be resumed, and does not run again yet. This is tried again and again, and you are told until it runs.',
    next: [
      'Look at the workers: whether they answer, and have joined their group. To resume it by hand: PUT /connectors/<name>/resume; the recovery notices.',
    ],
  },
  stuck: {
    subject: 'RECOVERY CANNOT GO ON',
    says: 'its recovery has begun and cannot go on. This is tried again and again, and you are told until it goes on.',
    next: [],
  },
} as const;
