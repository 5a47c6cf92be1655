import { AwsError } from './awsError.ts';

/** One series of an answer of GetMetricData. */
export interface MetricSeries {
  readonly Id: string | undefined;
  readonly Label: string;
  readonly Timestamps: readonly Date[];
  readonly Values: readonly number[];
}

/** What one answer holds at most, and unless fewer are asked for. */
const mostDatapoints = 100_800;

/**
 * One page of GetMetricData: so many datapoints, the series one after the other; of a series whose rest is on a later page the status is PartialData.
 * In which order AWS fills its pages is not published [inferred].
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export function metricPage(
  series: readonly MetricSeries[],
  mostAsked = mostDatapoints,
  token?: string,
): { readonly MetricDataResults: readonly object[]; readonly NextToken?: string } {
  const begin = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(begin) || begin < 0) {
    throw new AwsError('InvalidNextToken', 400, 'The next token specified is invalid.');
  }
  const end = begin + Math.min(mostAsked, mostDatapoints);
  let before = 0;
  const results = series.map((one) => {
    const from = Math.max(0, begin - before);
    const to = Math.max(0, end - before);
    before += one.Values.length;
    return {
      ...one,
      StatusCode: to < one.Values.length ? 'PartialData' : 'Complete',
      Timestamps: one.Timestamps.slice(from, to),
      Values: one.Values.slice(from, to),
    };
  });
  return { MetricDataResults: results, ...(end < before ? { NextToken: String(end) } : {}) };
}
