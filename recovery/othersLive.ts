import { workerToReplace } from './ladder.ts';
import { yourName } from './intervention.ts';
import type { Outcome } from './outcome.ts';
import type { Patient } from './patient.ts';

/** How many of them a person is told by name. */
const mostNamed = 5;

/**
 * Why the process of its worker is not replaced: healthy tasks of other connectors live on it, which would stand still until another worker has them.
 * A person who names the remedy has weighed that.
 */
export function refuseReplacement({ verdict, connector, observation, policy, trigger }: Patient): Outcome | undefined {
  if (policy.workers?.others === 'may-be-interrupted') return undefined;
  if (trigger.kind === 'person' && trigger.remedy === 'replace-worker') return undefined;
  const worker = workerToReplace(verdict, connector);
  const load = observation.workers?.find((candidate) => candidate.worker === worker);
  const healthy = load?.others.filter((other) => other.healthy > 0) ?? [];
  if (load !== undefined && healthy.length === 0) return undefined;
  const tasks = healthy.reduce((sum, other) => sum + other.healthy, 0);
  const named = healthy.slice(0, mostNamed).map((other) => other.connector);
  const names = [...named, ...(healthy.length > mostNamed ? [`${healthy.length - mostNamed} more`] : [])].join(', ');
  const who =
    load === undefined
      ? 'who else lives on it is not known'
      : `${tasks} healthy task(s) of other connectors live on it: ${names}`;
  return {
    kind: 'refused',
    objections: ['others-live'],
    reason: `The process of its worker ${worker ?? ''} is not replaced, for ${who}.`,
    lifts: [
      {
        says: 'Replace it all the same; its other tasks stand still until another worker has them',
        input: { connector: policy.connector, remedy: 'replace-worker', who: yourName },
      },
    ],
    verdict,
  };
}
