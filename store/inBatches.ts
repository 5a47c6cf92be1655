/** So many calls of a service are under way at once, unless somebody knows better: their rates are limited for the whole account. */
export const callsAtOnce = 8;

/** As `Promise.all(items.map(work))`, with at most `atOnce` under way; results in the order of the items. */
export async function inBatches<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  }
  return results;
}
