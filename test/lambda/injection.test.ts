import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consoleDirections } from '../../lambda/directions.ts';
import { jsonRecorder } from '../../tell/jsonRecorder.ts';
import { fitSubject } from '../../tell/snsNotifier.ts';
import { triage } from '../../lambda/triage.ts';
import { settings } from './settings.ts';

const functionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:recovery';
const home = { settings, functionArn, now: '2026-01-05T12:00:00.000Z' };
const known = Object.keys(settings.alarms)[0] ?? '';

/** What steers a terminal, breaks a line, ends a quotation, or is code, markup or a key with a meaning somewhere. */
const hostile = fc.oneof(
  fc.constantFrom(
    '\u001B[2J\u001B]0;owned\u0007',
    'x\r\nERROR forged line',
    '{"event":"forged"}\n{"event":"again"}',
    '<script>alert(1)</script>',
    '$(reboot) `reboot` ${jndi:ldap://x}',
    "'; drop table x; --",
    '\u202Ednoces',
    '\u2028next\u2029',
    '__proto__',
    'constructor',
    '../../journals/other',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

const inputs: readonly (readonly [name: string, make: (text: string) => unknown])[] = [
  ['the name of an alarm', (text) => alarm({ alarmName: text })],
  ['the reason of an alarm that is ours', (text) => alarm({ alarmName: known, reason: text })],
  ['the state of an alarm', (text) => alarm({ alarmName: known, value: text })],
  ['the type of an event', (text) => ({ 'detail-type': text, source: text })],
  ['a scheduled connector', (text) => ({ source: 'connector-recovery.schedule', connector: text })],
  [
    'a hand-over',
    (text) => ({ source: 'connector-recovery.look', connector: settings.connectors[0]?.name, why: text }),
  ],
  ['a connector that somebody asks for', (text) => ({ connector: text })],
  ['who asks', (text) => ({ connector: settings.connectors[0]?.name, who: text })],
  ['a remedy', (text) => ({ connector: settings.connectors[0]?.name, remedy: text })],
  ['an unknown field', (text) => ({ connector: settings.connectors[0]?.name, [text]: text })],
  ['an SNS record', (text) => ({ Records: [{ EventSource: 'aws:sns', Sns: { Message: text, Subject: text } }] })],
];

function alarm({ alarmName, reason = 'Threshold Crossed', value = 'ALARM' }: Record<string, string>): object {
  return {
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '111122223333',
    region: 'eu-west-1',
    detail: { alarmName, state: { value, reason }, configuration: { metrics: [{ id: 'm1' }] } },
  };
}

describe('what comes from outside', () => {
  test.each(inputs)('%s gives texts of one line each that steer nothing, whatever it holds', (_name, make) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const asked = triage(make(text), home);
        expect(textsIn(asked).filter((one) => controls.test(one))).toEqual([]);
        const lines: string[] = [];
        jsonRecorder({ request: 'q1' }, (line) => lines.push(line)).note('asked', { asked });
        expect(lines).toHaveLength(1);
        expect(lines[0]).not.toMatch(/[\r\n\u2028\u2029]/);
        expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'asked', request: 'q1' });
      }),
      { numRuns: 150, seed: 5 },
    );
  });

  test('only a configured connector is ever looked at', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(...inputs), (text, [, make]) => {
        const asked = triage(make(text), home);
        const names = asked.kind === 'look' ? asked.triggers.map(({ connector }) => connector) : [];
        expect(names.every((name) => settings.connectors.some((one) => one.name === name))).toBe(true);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  test('a subject is one line of ASCII', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(fitSubject(text)).toMatch(/^[\x20-\x7e]{1,99}$/);
      }),
      { seed: 5 },
    );
  });
});

test('a command to paste is one command with one payload, whatever stands in it', () => {
  const directions = consoleDirections(functionArn, settings.connectors);
  for (const text of ["'; reboot; '", '$(reboot)', '`reboot`', '"', "a'b'c", '\\', '!x', '*', 'a b']) {
    const shown = execFileSync(
      'sh',
      [
        '-c',
        `aws() { for one; do printf '%s\\n' "$one"; done; }\n${directions.command({ connector: 'orders-cdc', who: text })}`,
      ],
      {
        encoding: 'utf8',
      },
    );
    const words = shown.trimEnd().split('\n');
    expect(JSON.parse(words[words.indexOf('--payload') + 1] ?? '')).toEqual({ connector: 'orders-cdc', who: text });
    expect(words.at(-1)).toBe('/dev/stdout');
  }
});
