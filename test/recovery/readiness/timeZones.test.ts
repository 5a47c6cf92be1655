import { describe, expect, it } from 'vitest';
import { readZone } from '../../../recovery/readiness/timeZones.ts';

describe('what MySQL’s driver does with the name of a time zone', () => {
  it.each(
    // Each asked of TimeZone.getAvailableIDs() of Java 17 and of the driver's TimeZoneMapping.properties.
    'UTC GMT Etc/UTC Asia/Seoul America/Argentina/Buenos_Aires America/Port-au-Prince Etc/GMT+9 US/Pacific +09:00 -5:30 JST PST EST5EDT BST ROK Zulu'.split(
      ' ',
    ),
  )('reads %s', (zone) => {
    expect(readZone(zone).kind).toBe('read');
  });

  it('reads those of Windows', () => {
    expect(readZone('Korea Standard Time').kind).toBe('read');
    expect(readZone(' Tokyo Standard Time ').kind).toBe('read');
  });

  it.each(['KST', 'CEST', 'EDT', 'PDT', 'utc', 'asia/seoul', 'Asia/Soul', 'Korea', 'constructor', ''])(
    'refuses %s',
    (zone) => {
      expect(readZone(zone).kind).toBe('refused');
    },
  );

  it.each(['CST', 'IST', 'AST'])('takes %s for a zone that the server may not mean', (zone) => {
    expect(readZone(zone).kind).toBe('ambiguous');
  });
});
