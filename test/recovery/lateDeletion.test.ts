import { describe, expect, it } from 'vitest';
import { deletionMayYetAct, promiseMayYetAct } from '../../recovery/settle.ts';
import { ago, arn, at, live, policy, recovery, request } from './examples.ts';

const present = { sighting: { kind: 'present', connector: live({ arn }) }, at: at(0) } as const;

function patience(deleteSeconds: number) {
  return policy({ waits: { ...policy().waits, deleteSeconds } });
}

describe('a deletion whose answer was lost may yet act', () => {
  it.each([
    { deleteSeconds: 120, begun: 130, mayAct: true, why: 'its process may stand still for as long as it may live' },
    { deleteSeconds: 120, begun: 950, mayAct: true, why: '15 min, and a minute on the way' },
    { deleteSeconds: 120, begun: 961, mayAct: false, why: 'nobody is left to make the call' },
    { deleteSeconds: 1200, begun: 1100, mayAct: true, why: 'a deletion may take so long' },
    { deleteSeconds: 1200, begun: 1201, mayAct: false, why: 'it would have ended' },
  ])('$begun s after it was begun, where one may take $deleteSeconds s: $mayAct, for $why', (row) => {
    const act = {
      kind: 'delete',
      intendedAt: ago(row.begun),
      arn,
      version: 'V1',
      backup: 's3://bucket/backup',
      recreateFrom: request(),
      result: 'not-carried-out',
    } as const;
    const allowed = patience(row.deleteSeconds);
    expect(deletionMayYetAct(recovery([act]), arn, at(0), allowed)).toBe(row.mayAct);
    expect(promiseMayYetAct({ arn, at: ago(row.begun) }, present, allowed)).toBe(row.mayAct);
  });
});
