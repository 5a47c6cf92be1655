import { describe, expect, it } from 'vitest';
import { lawfulRestart, ms, oldArn, verdictOn } from './records.ts';

const rule = '9: "recovered" is said only when data was seen flowing again';

function told(subject: string, at: number) {
  return { messages: [{ atMs: ms(at), subject: `[connector-recovery] orders-cdc: ${subject}`, text: '' }] };
}

const dead = { truth: [{ fromMs: ms(0), arn: oldArn, is: 'dead' as const }] };
const back = { truth: [...dead.truth, { fromMs: ms(330), arn: oldArn, is: 'flowing' as const }] };
const before = {
  truth: [
    { fromMs: ms(0), arn: oldArn, is: 'flowing' as const },
    { fromMs: ms(100), arn: oldArn, is: 'dead' as const },
  ],
};

describe('rule 9: "back" is said of what flows', () => {
  it.each([
    ['back: restarted, and data flows again', dead],
    ['back: restarted, and data flows again', before],
    ['alive again without our doing', dead],
  ])('is broken by "%s" where nothing has flowed since', (subject, connector) => {
    expect(verdictOn({ calls: lawfulRestart(), connector, record: told(subject, 400) })).toContain(rule);
  });

  it('is kept where records flow since the restart', () => {
    const record = told('back: restarted, and data flows again', 400);
    expect(verdictOn({ calls: lawfulRestart(), connector: back, record })).toEqual([]);
  });

  it('asks nothing of a message that says what was not seen', () => {
    const record = told('restarted, but no data seen yet', 400);
    expect(verdictOn({ calls: lawfulRestart(), connector: dead, record })).toEqual([]);
  });
});
