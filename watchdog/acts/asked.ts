import { PortError } from '../../recovery/ports.ts';
import type { Refused } from '../../recovery/ports.ts';
import type { Answer } from '../rest/answers.ts';

/** What a change came to: `undefined` where it was accepted. @throws PortError for what may pass */
export async function asked(change: () => Promise<Answer<unknown>>): Promise<Refused | undefined> {
  try {
    return refusedOf(await change());
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    if (error.code === 'denied') return { kind: 'refused', code: 'Denied', reason: error.message, denied: true };
    // Such as a redirect to a stranger: it was certainly not carried out, and a harsher remedy would go the same way.
    if (error.code === 'unexpected')
      return { kind: 'refused', code: 'Unexpected', reason: error.message, denied: true };
    throw error;
  }
}

function refusedOf(answer: Answer<unknown>): Refused | undefined {
  switch (answer.kind) {
    case 'answered':
      return undefined;
    case 'rebalancing':
      return { kind: 'refused', code: 'Rebalancing', reason: answer.reason, busy: true };
    case 'absent':
      return { kind: 'refused', code: 'NotFound', reason: answer.reason };
    case 'no-endpoint':
      return { kind: 'refused', code: 'UnknownToThisVersion', reason: answer.reason };
    case 'refused':
      return { kind: 'refused', code: `HTTP${answer.status}`, reason: answer.reason };
  }
}
