import type { Call } from '../../local/aws/calls.ts';
import type { FaultRule } from '../../local/connect/faults.ts';
import { acts } from './ending.ts';
import type { Story } from './story.ts';

export function faultRules({ creationsRefusedMinutes }: Story): readonly FaultRule[] {
  if (creationsRefusedMinutes === undefined) return [];
  return [
    {
      operation: 'CreateConnector',
      // A deletion takes four minutes.
      after: { operation: 'DeleteConnector', forSeconds: (4 + creationsRefusedMinutes) * 60 },
      answer: 'ForbiddenException',
      message: 'User is not authorized to perform: logs:CreateLogDelivery',
    },
  ];
}

/** Cuts the connection of the product's first call for each such act, once it was carried out. */
export function answersLost({ answersLost: lost = [] }: Story): (call: Call) => 'drop-answer' | undefined {
  const left = new Set(lost);
  return ({ service, operation }) => {
    const act = service === 'kafkaconnect' ? acts[operation] : undefined;
    return act !== undefined && left.delete(act) ? 'drop-answer' : undefined;
  };
}
