import { valueOf } from './configuration.ts';
import { isSink } from './family.ts';
import type { Deployed, Subject } from './subject.ts';
import { atLeast, parseVersion } from './version.ts';

/** Whether a connector that is deleted and created again under its name finds its place. */
export type Survival =
  | { readonly kind: 'kept' }
  /** By what the policy does before a deletion: the default topic is pinned, by the name that AWS's pattern gives it. */
  | { readonly kind: 'kept-by-pin' }
  | { readonly kind: 'lost'; readonly because: string }
  | { readonly kind: 'unknown'; readonly needs: string };

/**
 * Where the position lies, and so whether it outlives the connector.
 *
 * - A sink keeps its place in a consumer group by its name, on either platform.
 * - MSK Connect gives every connector it creates new topics, unless the worker configuration names one for the offsets.
 * - The workers of a self-managed Connect keep all offsets in one topic (or file) of their own, by the connector's name; a deletion leaves them.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-set-offset-storage-topic.html
 * @see https://cwiki.apache.org/confluence/display/KAFKA/KIP-875%3A+First-class+offsets+support+in+Kafka+Connect
 */
export function survivalOf(subject: Subject): Survival {
  if (isSink(subject)) return { kind: 'kept' };
  const { deployed } = subject;
  if (deployed !== undefined) return ofDeployed(deployed);
  if (subject.platform === 'self-managed') return { kind: 'kept' };
  const own = ownTopic(subject);
  if (own !== undefined) return own;
  const { workerProperties } = subject.facts;
  if (workerProperties.kind === 'unknown') return workerProperties;
  return valueOf(workerProperties.value, 'offset.storage.topic') === undefined
    ? {
        kind: 'lost',
        because:
          'no worker configuration pins offset.storage.topic, and MSK Connect gives a connector that it creates new, empty topics',
      }
    : { kind: 'kept' };
}

/** As a recovery takes it: `pin-default-topic` pins what is not pinned, and goes by a pin of the default topic. */
function ofDeployed({ offsets, pinsDefaultTopic = false }: Deployed): Survival {
  if (offsets.kind === 'kept') return { kind: 'kept' };
  const pinned = offsets.kind === 'lost' ? offsets.unpinned : offsets.pinsDefault;
  if (pinsDefaultTopic && pinned === true) return { kind: 'kept-by-pin' };
  return offsets.kind === 'lost'
    ? { kind: 'lost', because: offsets.reason }
    : { kind: 'unknown', needs: offsets.reason };
}

/** Since Kafka Connect 3.3 a source may name an offsets topic of its own: https://cwiki.apache.org/confluence/display/KAFKA/KIP-618 */
function ownTopic({ configuration, facts }: Subject): Survival | undefined {
  if (valueOf(configuration, 'offsets.storage.topic') === undefined) return undefined;
  if (facts.connectVersion.kind === 'unknown') return facts.connectVersion;
  const version = parseVersion(facts.connectVersion.value);
  return version !== undefined && atLeast(version, [3, 3]) ? { kind: 'kept' } : undefined;
}

/** The topic that its offsets are pinned to, where that is known: its own, or its workers'. */
export function offsetsTopicOf(subject: Subject): string | undefined {
  const { workerProperties } = subject.facts;
  const own = ownTopic(subject)?.kind === 'kept' ? valueOf(subject.configuration, 'offsets.storage.topic') : undefined;
  return (
    own ?? (workerProperties.kind === 'known' ? valueOf(workerProperties.value, 'offset.storage.topic') : undefined)
  );
}
