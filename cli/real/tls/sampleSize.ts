/** Normal quantiles of 0.975 (5 % by mistake, two-sided) and of 0.8 (80 % found). */
const alpha = 1.959963984540054;
const power = 0.8416212335729143;

/**
 * Checks of each worker to tell one share of failures from another with a power of 80 % at the level of 5 %, where the workers are checked apart
 * (Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, 4.14).
 */
export function checksApart(first: number, second: number): number {
  const mean = (first + second) / 2;
  const spread =
    alpha * Math.sqrt(2 * mean * (1 - mean)) + power * Math.sqrt(first * (1 - first) + second * (1 - second));
  return Math.ceil((spread / (first - second)) ** 2);
}

/**
 * The same where each check is of both workers (Connor 1987, Biometrics 43, 207-211).
 * @param onlyFirst and onlySecond: the shares of checks that fail for one of them alone
 */
export function checksTogether(onlyFirst: number, onlySecond: number): number {
  const alone = onlyFirst + onlySecond;
  const difference = onlyFirst - onlySecond;
  const spread = alpha * Math.sqrt(alone) + power * Math.sqrt(alone - difference ** 2);
  return Math.ceil((spread / difference) ** 2);
}

/**
 * How many times as long a run must be to tell a difference, where one of this length had this standard error: the error falls with the square root of the
 * length, as long as faults come at the same rate.
 */
export function timesAsLong(standardError: number, difference: number): number {
  return (((alpha + power) * standardError) / difference) ** 2;
}
