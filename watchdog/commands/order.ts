import { restartDeed } from '../../recovery/messageParts.ts';
import { obey } from '../../recovery/obey.ts';
import type { Policy } from '../../recovery/policy.ts';
import type { Ports } from '../../recovery/ports.ts';
import { recover } from '../../recovery/recover.ts';
import type { Ended } from '../../recovery/recover.ts';
import { plusSeconds } from '../../recovery/time.ts';
import type { Instant } from '../../recovery/time.ts';
import { s3Journals } from '../../store/journals.ts';
import { orderOnStack } from '../../store/orders.ts';
import type { Cluster } from '../cluster.ts';
import { enginePorts } from '../looks/enginePorts.ts';
import { KnownJournals } from '../looks/knownJournals.ts';
import { policyFor, sightingOf } from '../looks/policyFor.ts';
import type { OrderRead } from './readOrder.ts';
import { StoppableClock } from '../looks/stoppableClock.ts';
import type { WatchdogParts } from '../watchdog.ts';

/** What came of an order, in words for whoever gave it. */
export interface OrderDone {
  readonly well: boolean;
  readonly said: string;
}

/** So long an order goes on by itself; what takes longer the watchdog that runs continues. */
const budgetSeconds = 600;
const journalKeys = /^journals\/(.+)\.json$/;

/**
 * Carries out a person's word in a process of its own, by the same store as the watchdog that runs, which sees it within a round. A hold, a release and a
 * call-off need the store only (the watchdog that runs then tells others, and ends what was called off); who asks for a restart must reach Kafka Connect.
 * @throws PortError where the store cannot be read or written
 */
export async function carryOut(
  order: Exclude<OrderRead, { kind: 'rejected' }>,
  parts: WatchdogParts,
): Promise<OrderDone> {
  const { objects, clock, clusters, instance, newId } = parts;
  const journals = new KnownJournals(s3Journals(objects), () => clock.now());
  const budget = () => ({ until: plusSeconds(clock.now(), budgetSeconds), holder: `${instance}:${newId()}` });
  let roundAt: Instant | undefined;
  const portsOn = (cluster: Cluster): Ports =>
    enginePorts(cluster, { ...parts, journals }, parts.recorder({ watchdog: parts.settings.name }), () => roundAt);

  if (order.kind === 'stack-command') {
    const [first] = clusters;
    if (first === undefined) throw new Error('There is no cluster without settings.');
    const keys = await objects.list('journals/');
    const connectors = keys.flatMap((key) => {
      const name = journalKeys.exec(key)?.[1];
      return name === undefined ? [] : [{ name }];
    });
    const { done, next } = await orderOnStack(order.command, connectors, objects, portsOn(first));
    const waits =
      next.length === 0 ? '' : ` It is looked at within minutes: ${next.map((one) => one.connector).join(', ')}.`;
    return { well: true, said: `${done}${waits}` };
  }

  const connector = order.kind === 'command' ? order.command.connector : order.trigger.connector;
  const cluster = clusters.find(({ name }) => name === connector.slice(0, connector.indexOf('/')));
  if (cluster === undefined) throw new Error(`${connector} is of no cluster of the settings.`);
  const ports = portsOn(cluster);
  if (needsConnect(order)) {
    await cluster.round();
    roundAt = clock.now();
  }
  if (order.kind === 'command') {
    const policy = policyFor(connector, cluster, parts.settings);
    const { done, outcome } = await obey(order.command, policy, ports, budget());
    const said = outcome === undefined ? done : `${done} ${outcome.kind}: ${outcome.reason}`;
    // It may be meant for one that is to come.
    const isUnseen = order.command.do === 'hold' && sightingOf(connector, cluster)?.kind === 'absent';
    return { well: true, said: isUnseen ? `${said} No connector ${connector} is seen now: mind the name.` : said };
  }

  // The engine looks again and again, and what it looks at comes by rounds.
  const { pollSeconds } = parts.settings;
  const rounds = new StoppableClock(clock);
  await rounds.sleep(pollSeconds);
  await cluster.round();
  const looking = lookOn(cluster, rounds, pollSeconds, (at) => {
    roundAt = at;
  });
  try {
    const policy: Policy = policyFor(connector, cluster, parts.settings);
    return inWords(await recover(order.trigger, policy, ports, budget()));
  } finally {
    rounds.stop();
    await looking.catch(() => undefined);
  }
}

/**
 * A release is written into the store, and no more. A call-off ends what is under way, where Kafka Connect can be asked what became of it; of a hold it
 * is told there whether there is such a connector.
 */
export function needsConnect(order: Exclude<OrderRead, { kind: 'rejected' }>): boolean {
  return order.kind === 'look' || (order.kind === 'command' && order.command.do !== 'release');
}

async function lookOn(
  cluster: Cluster,
  clock: StoppableClock,
  pollSeconds: number,
  ended: (at: Instant) => void,
): Promise<void> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one round after the other is the point
    await clock.sleep(pollSeconds);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await cluster.round();
    ended(clock.now());
  }
}

function inWords(ended: Ended): OrderDone {
  switch (ended.kind) {
    case 'finished': {
      const { kind, reason } = ended.outcome;
      return {
        well: kind === 'recovered' || kind === 'acted-unproved' || kind === 'left-alone',
        said: `${kind}: ${reason}`,
      };
    }
    case 'lease-held':
      return {
        well: false,
        said: `Somebody is at work on it${ended.until === undefined ? '' : ` until ${ended.until}`}.`,
      };
    case 'time-spent':
      return { well: true, said: `The watchdog goes on with it: ${ended.next}.` };
    case 'dry-run': {
      const { decision, observation, inForce } = ended;
      const { verdict } = observation;
      const lines = [
        ...(verdict === undefined ? [] : [`Verdict: ${verdict.kind}. ${verdict.because}`]),
        ...(verdict?.evidence ?? []).map(({ source, seen }) => `  - ${source}: ${seen}`),
        `Would be done: ${decision.kind === 'restart' ? restartDeed(decision) : decision.kind}: ${decision.kind === 'finish' ? decision.outcome.reason : decision.reason}`,
        ...inForce.map((one) => `In force: ${one}`),
        'This look remembers seconds; the watchdog that runs remembers hours.',
      ];
      return { well: true, said: lines.join('\n') };
    }
  }
}
