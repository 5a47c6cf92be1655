import { cannotTell } from '../cannotTell.ts';
import { isSink } from '../family.ts';
import type { Finding } from '../finding.ts';
import { offsetsTopicOf, survivalOf } from '../position.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';

/** A source that is created again would not find its place. */
export const pinnedOffsets: Rule = {
  name: 'pinned-offsets',
  what: 'a source on MSK Connect whose offsets are not pinned',
  severities: ['harms', 'improve'],
  reason:
    'Every connector that MSK Connect creates gets new, empty topics for its offsets, unless its worker configuration names one in `offset.storage.topic`: a source that is deleted and created again starts without its place. Sinks keep theirs in their consumer group',
  cure: 'a worker configuration with offset.storage.topic, a compacted topic, from the connector’s first day on; for one that runs, pin its old default topic',
  needs: ['workerProperties'],
  sources: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-set-offset-storage-topic.html',
    'https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-manage-connector-offsets.html',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const survival = survivalOf(subject);
  if (survival.kind === 'kept') return [];
  if (survival.kind === 'kept-by-pin') {
    return [
      {
        rule: pinnedOffsets.name,
        severity: 'improve',
        where: 'offset.storage.topic',
        found:
          'its offsets lie in the default topic, which the policy pins before a deletion (offsets: pin-default-topic)',
        leadsTo: 'a recreation finds them, as far as the name of that topic can be told from the ARN',
        cure: 'a worker configuration with offset.storage.topic of your own choice is surer',
        affects: [],
      },
    ];
  }
  if (survival.kind === 'unknown') {
    return [
      cannotTell({
        rule: pinnedOffsets.name,
        where: 'offset.storage.topic',
        whether: 'whether a recreated connector finds its offsets',
        leadsTo: 'without them it starts anew: a whole snapshot, or a gap',
        needs: survival.needs,
        affects: ['recreation'],
      }),
    ];
  }
  return [
    {
      rule: pinnedOffsets.name,
      severity: 'harms',
      where: 'offset.storage.topic',
      found: `offsets would not outlive a recreation: ${survival.because}`,
      leadsTo: 'a recreated connector starts without its place',
      cure: pinnedOffsets.cure,
      affects: ['recreation'],
    },
  ];
}

/** Two connectors keep their offsets in one topic. */
export const sharedOffsetsTopic: Rule = {
  name: 'shared-offsets-topic',
  what: 'an offsets topic that two connectors on MSK Connect name',
  severities: ['improve'],
  reason:
    'Offsets lie in it by the connectors’ names, so none is lost, and AWS allows it; but whoever empties or deletes the topic to start one of them anew takes the place of all',
  cure: 'a topic for each connector',
  needs: [],
  sources: ['https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-manage-connector-offsets.html'],
  judge: (subject, beside) => {
    const topic = offsetsTopicOf(subject);
    if (subject.platform !== 'msk-connect' || isSink(subject) || topic === undefined) return [];
    const others = beside
      .filter((other) => other.platform === 'msk-connect' && other.name !== subject.name && !isSink(other))
      .filter((other) => offsetsTopicOf(other) === topic)
      .map(({ name }) => name);
    if (others.length === 0) return [];
    return [
      {
        rule: 'shared-offsets-topic',
        severity: 'improve',
        where: 'offset.storage.topic',
        found: `its offsets topic is that of ${[...new Set(others)].toSorted().join(', ')} too`,
        leadsTo: 'whoever empties it for one takes the place of all',
        cure: 'a topic for each connector',
        affects: [],
      },
    ];
  },
};
