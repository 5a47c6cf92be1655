import { describe, expect, it } from 'vitest';
import { lawfulRecreation, ms, oldArn, recordOf, verdictOn } from './records.ts';
import type { Made } from './records.ts';

const rule = '8: evidence that the source cannot be reached forbids deletion';
const away = { truth: [{ fromMs: ms(0), arn: oldArn, is: 'unreachable' as const }] };

function line(at: number, message = 'java.net.ConnectException: Connection refused'): Made {
  const output = { events: [{ timestamp: ms(at), message }] };
  return { step: 'line', at: 300, invocation: 0, service: 'logs', operation: 'FilterLogEvents', input: {}, output };
}

describe('rule 8: what is only away is not deleted', () => {
  it('is broken where the log had just said that the connection is refused', () => {
    expect(verdictOn({ calls: [...lawfulRecreation(), line(250)], connector: away })).toContain(rule);
  });

  it.each([
    ['the line is five minutes old', [line(0)], away],
    ['the log says something else', [line(250, 'Committing offsets')], away],
    ['nothing was shown', [], away],
    ['it is dead in truth', [line(250)], {}],
  ])('is kept where %s', (_what, lines, connector) => {
    expect(verdictOn({ calls: [...lawfulRecreation(), ...lines], connector })).not.toContain(rule);
  });

  it('is kept where a person asked', () => {
    const calls = [...lawfulRecreation(), line(250)];
    const event = { connector: 'orders-cdc', remedy: 'recreate' };
    const invocations = recordOf({ calls }).invocations.map((one) => ({ ...one, event }));
    expect(verdictOn({ calls, connector: away, record: { invocations } })).not.toContain(rule);
  });
});
