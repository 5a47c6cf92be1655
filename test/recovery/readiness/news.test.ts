import { describe, expect, it } from 'vitest';
import { composeNews } from '../../../recovery/readiness/composeNews.ts';
import type { Finding } from '../../../recovery/readiness/finding.ts';
import type { Judgement } from '../../../recovery/readiness/judge.ts';
import { isDue, newsOf, recordOf, toldOf } from '../../../recovery/readiness/record.ts';
import type { ReadinessRecord } from '../../../recovery/readiness/record.ts';

const none = new Set<string>();

function finding(number: number, severity: Finding['severity'] = 'harms'): Finding {
  return {
    rule: 'a-rule',
    severity,
    where: `key.${number}`,
    found: `(${number}) ${'what was found '.repeat(12)}`,
    leadsTo: 'something bad',
    cure: 'mend it',
    affects: [],
  };
}

function judgement(name: string, findings: readonly Finding[]): Judgement {
  const yes = { kind: 'yes', because: [] } as const;
  return { name, platform: 'msk-connect', ready: false, restart: yes, recreation: yes, findings };
}

/** A day's check and, where people are to be told, the mail that they get. */
function day(before: ReadinessRecord | undefined, judged: readonly Judgement[], now: string) {
  const record = recordOf(before, judged, none, now);
  if (!isDue(record, now)) return { record };
  const { message, shown } = composeNews(newsOf(record), 's3://b/readiness.json');
  return { record: toldOf(record, shown, now), mail: message.text };
}

const at = (date: number) => `2026-11-${date}T06:00:00.000Z`;

describe('more news than one mail takes', () => {
  const many = [
    judgement('orders-cdc', [...Array.from({ length: 240 }, (_, number) => finding(number)), finding(999, 'blocks')]),
  ];

  it('comes in several, the worst first, and each finding once', () => {
    let record: ReadinessRecord | undefined;
    const mails: string[] = [];
    for (const date of [10, 11, 12, 13, 14]) {
      const told = day(record, many, at(date));
      record = told.record;
      if (told.mail !== undefined) mails.push(told.mail);
    }
    const numbers = mails.map((mail) => [...mail.matchAll(/\((\d+)\) what/g)].map(([, number]) => Number(number)));
    expect(numbers.map(({ length }) => length)).toEqual([100, 100, 41]);
    expect(numbers[0]?.[0]).toBe(999);
    expect(numbers.flat().toSorted((a, b) => a - b)).toEqual([...Array.from({ length: 240 }, (_, n) => n), 999]);
    expect(mails[0]).toContain('And 141 more, which come with the next daily mail');
    expect(mails[2]).not.toContain('more, which come');
  });

  it('is cut before SNS would cut it, however long the words are', () => {
    const long = Array.from({ length: 90 }, (_, number) => ({ ...finding(number), cure: 'ü'.repeat(3_000) }));
    const { mail, record } = day(undefined, [judgement('orders-cdc', long)], at(10));
    expect(new TextEncoder().encode(mail).length).toBeLessThan(110_000);
    const shown = [...(mail ?? '').matchAll(/\((\d+)\) what/g)].length;
    expect(record.told).toHaveLength(shown);
    expect(mail).toContain(`And ${90 - shown} more, which come with the next daily mail`);
  });

  it('what goes before it was told is never told; what was told and goes is told once', () => {
    const first = day(undefined, many, at(10));
    const second = day(first.record, [], at(11));
    expect(second.mail).toContain('Gone since you were told');
    expect([...(second.mail ?? '').matchAll(/\((\d+)\) what/g)]).toHaveLength(100);
    expect(day(second.record, [], at(12)).mail).toBeUndefined();
  });
});

describe('a connector that could not be read', () => {
  const shared = { ...finding(1), rule: 'shared-identity' };
  const both = [judgement('orders-cdc', [shared]), judgement('orders-cdc-new', [{ ...shared }])];

  it('takes nothing from what was found of others beside it', () => {
    const before = recordOf(undefined, both, none, at(10));
    const now = recordOf(
      before,
      [judgement('orders-cdc', []), judgement('orders-cdc-new', [])],
      new Set(['orders-cdc-new']),
      at(11),
    );
    expect(now.findings).toEqual(before.findings);
    const later = recordOf(now, [judgement('orders-cdc', []), judgement('orders-cdc-new', [])], none, at(12));
    expect(later.findings).toEqual([]);
  });
});

describe('what is kept of what people were told', () => {
  it('is enough to know it again and to name it, and no more', () => {
    const { record } = day(undefined, [judgement('orders-cdc', [{ ...finding(1), found: 'x'.repeat(5_000) }])], at(10));
    expect(record.told).toEqual([
      { connector: 'orders-cdc', rule: 'a-rule', severity: 'harms', where: 'key.1', found: 'x'.repeat(200) },
    ]);
  });
});
