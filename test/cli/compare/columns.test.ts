import { describe, expect, it } from 'vitest';
import { headingOf, lineOf } from '../../../cli/compare/columns.ts';

// oxlint-disable-next-line no-control-regex -- colours are no matter here
const plain = (text: string) => text.replace(/\u001b\[\d+m/g, '');
const startMs = Date.UTC(2026, 0, 5, 8);
const atMs = startMs + 125_000;

describe('two worlds next to each other', () => {
  it('shows each in its own column of a wide terminal, with one clock', () => {
    const left = plain(lineOf({ atMs, side: 'MSK Connect', role: 'monitor', text: 'ALARM event-clock' }, startMs, 120));
    const right = plain(
      lineOf({ atMs, side: 'self-managed', role: 'platform', text: 'POST /restart accepted' }, startMs, 120),
    );
    expect(left.startsWith('02:05  CloudWatch: ALARM event-clock')).toBe(true);
    expect(right.startsWith('02:05  ')).toBe(true);
    expect(right.indexOf('Connect REST: POST /restart accepted')).toBe(left.indexOf('|') + 2);
  });

  it('names the worlds above their columns', () => {
    const right = plain(lineOf({ atMs, side: 'self-managed', role: 'monitor', text: 'looks' }, startMs, 120));
    expect(headingOf(120)).toMatch(/^ {7}MSK Connect +\| self-managed$/);
    expect(headingOf(120).indexOf('|')).toBe(right.indexOf('|'));
  });

  it('keeps a long text in its column', () => {
    const text = 'a text that is far too long for half of a terminal and is broken at its spaces, again and again';
    const lines = plain(lineOf({ atMs, side: 'self-managed', role: 'recovery', text }, startMs, 120)).split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(120);
    expect(new Set(lines.map((line) => line.indexOf('|'))).size).toBe(1);
  });

  it('names the world on each line of a narrow terminal', () => {
    const line = plain(lineOf({ atMs, side: 'self-managed', role: 'monitor', text: 'looks' }, startMs, 80));
    expect(line).toBe('02:05  self-managed  watchdog sees  looks');
  });

  it('shows what concerns both across the columns', () => {
    expect(plain(lineOf({ atMs, role: 'you', text: 'both are healthy' }, startMs, 120))).toBe(
      '02:05  both          you            both are healthy',
    );
  });
});
