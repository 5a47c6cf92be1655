/** Both ends of a 95 % interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Of one check, seen by both workers. */
export interface Pairs {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
}

/** Normal quantile of 0.975. */
const z = 1.959963984540054;

/**
 * The interval of a share, `count` of `total`, after Wilson (1927).
 * @throws RangeError for no total
 */
export function wilson(count: number, total: number): Interval {
  if (!(total > 0)) throw new RangeError('a share of nothing has no interval');
  const middle = 2 * count + z * z;
  const width = z * Math.sqrt(z * z + (4 * count * (total - count)) / total);
  const by = 2 * (total + z * z);
  return { low: Math.max(0, (middle - width) / by), high: Math.min(1, (middle + width) / by) };
}

/** Of the first share less the second, where each check counts for both. */
export function sharesOf(pairs: Pairs): {
  readonly total: number;
  readonly first: number;
  readonly second: number;
  readonly difference: number;
} {
  const total = pairs.both + pairs.onlyFirst + pairs.onlySecond + pairs.neither;
  const first = (pairs.both + pairs.onlyFirst) / total;
  const second = (pairs.both + pairs.onlySecond) / total;
  return { total, first, second, difference: first - second };
}

/**
 * The interval of the difference of two shares of the same checks: Newcombe's square-and-add of two Wilson intervals, with the correlation of the
 * pairs (Newcombe 1998, Statistics in Medicine 17, 2635-2650, method 10).
 * @see https://rdrr.io/cran/contingencytables/man/Newcombe_square_and_add_CI_paired_2x2.html
 */
export function newcombePaired(pairs: Pairs): Interval {
  const { total, first, second, difference } = sharesOf(pairs);
  const firstInterval = wilson(pairs.both + pairs.onlyFirst, total);
  const secondInterval = wilson(pairs.both + pairs.onlySecond, total);
  const phi = correlation(pairs);
  const squareAndAdd = (one: number, other: number) => Math.sqrt(one * one + other * other - 2 * phi * one * other);
  return {
    low: difference - squareAndAdd(first - firstInterval.low, secondInterval.high - second),
    high: difference + squareAndAdd(second - secondInterval.low, firstInterval.high - first),
  };
}

/** Phi with Newcombe's correction for continuity. */
function correlation({ both, onlyFirst, onlySecond, neither }: Pairs): number {
  const margins = (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither);
  if (margins === 0) return 0;
  const determinant = both * neither - onlyFirst * onlySecond;
  const half = (both + onlyFirst + onlySecond + neither) / 2;
  const corrected = determinant > half ? determinant - half : determinant >= 0 ? 0 : determinant;
  return corrected / Math.sqrt(margins);
}

/** How likely such a split of the checks that failed for one worker alone, or a more uneven one, is by chance: McNemar's exact conditional test, two-sided. */
export function mcnemarExact({ onlyFirst, onlySecond }: Pairs): number {
  const alone = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  let term = 0.5 ** alone;
  let tail = 0;
  for (let k = 0; k <= fewer; k += 1) {
    tail += term;
    term *= (alone - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

/** What one disturbance, and the time until the next, brought. */
export interface Cluster {
  readonly checks: number;
  /** Checks that failed for the first worker less those that failed for the second. */
  readonly difference: number;
}

/**
 * The interval of the difference where checks fail by the cluster, as many do in one outage: the mean of clusters of unequal size with the variance
 * between them, by Student's t (Cochran 1977, Sampling Techniques, 6.4).
 * @returns undefined for fewer than four clusters, of which nothing can be said, and for clusters that do not differ, of which it would say too much
 */
export function clustered(clusters: readonly Cluster[]): Interval | undefined {
  const error = errorBetween(clusters);
  if (error === undefined) return undefined;
  const mean = meanDifference(clusters);
  const reach = studentsT(clusters.length - 1) * error;
  return { low: Math.max(-1, mean - reach), high: Math.min(1, mean + reach) };
}

/**
 * The standard error of that mean.
 * @returns undefined where {@link clustered} is
 */
export function errorBetween(clusters: readonly Cluster[]): number | undefined {
  const total = clusters.reduce((sum, { checks }) => sum + checks, 0);
  if (clusters.length < 4 || total === 0) return undefined;
  const mean = meanDifference(clusters);
  const squares = clusters.reduce((sum, { checks, difference }) => sum + (difference - checks * mean) ** 2, 0);
  if (squares === 0) return undefined;
  return Math.sqrt((clusters.length / (clusters.length - 1)) * squares) / total;
}

function meanDifference(clusters: readonly Cluster[]): number {
  const sum = (of: (cluster: Cluster) => number) => clusters.reduce((whole, cluster) => whole + of(cluster), 0);
  return sum(({ difference }) => difference) / sum(({ checks }) => checks);
}

/** The quantile of 0.975 for three or more degrees of freedom, within 0.02 for three and 0.001 from five on (Abramowitz and Stegun, 26.7.5). */
export function studentsT(degrees: number): number {
  return (
    z +
    (z ** 3 + z) / (4 * degrees) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * degrees ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92_160 * degrees ** 4)
  );
}

/** The one of the two that says less. */
export function wider(one: Interval, other: Interval | undefined): Interval {
  if (other === undefined) return one;
  return other.high - other.low > one.high - one.low ? other : one;
}
