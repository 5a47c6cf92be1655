import { expect, it } from 'vitest';
import { metricPage } from '../../../local/aws/metricPages.ts';

const series = (id: string, count: number) => ({
  Id: id,
  Label: id,
  Timestamps: Array.from({ length: count }, (_, index) => new Date(index * 60_000)),
  Values: Array.from({ length: count }, (_, index) => index),
});

it('gives all at once where it fits', () => {
  expect(metricPage([series('a', 2), series('b', 0)])).toEqual({
    MetricDataResults: [
      { ...series('a', 2), StatusCode: 'Complete' },
      { ...series('b', 0), StatusCode: 'Complete' },
    ],
  });
});

it('goes on where the page before ended, and says of which series more will come', () => {
  const both = [series('a', 5), series('b', 3)];
  const pages = [];
  let token: string | undefined;
  do {
    const page = metricPage(both, 3, token);
    pages.push(page.MetricDataResults);
    token = page.NextToken;
  } while (token !== undefined);
  expect(pages).toMatchObject([
    [
      { Values: [0, 1, 2], StatusCode: 'PartialData' },
      { Values: [], StatusCode: 'PartialData' },
    ],
    [
      { Values: [3, 4], StatusCode: 'Complete' },
      { Values: [0], StatusCode: 'PartialData' },
    ],
    [
      { Values: [], StatusCode: 'Complete' },
      { Values: [1, 2], StatusCode: 'Complete' },
    ],
  ]);
});

it('holds 100,800 datapoints at most', () => {
  const { MetricDataResults, NextToken } = metricPage([series('a', 100_801)], 200_000);
  expect(MetricDataResults).toMatchObject([{ StatusCode: 'PartialData' }]);
  expect(NextToken).toBe('100800');
});

it('refuses a token that it never gave', () => {
  expect(() => metricPage([], undefined, 'x')).toThrow('next token');
});
