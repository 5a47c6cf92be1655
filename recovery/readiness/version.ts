/** The numbers of a version, such as `[2, 7, 4]` of `2.7.4.Final`; MSK Connect's `3.7.x` has two. */
export type Version = readonly number[];

/** Reads the numbers of a version, `2.7.4.Final` or `debezium-connector-mysql-2.7.4.Final`; `undefined` where there are none. */
export function parseVersion(text: string): Version | undefined {
  const [numbers] = /\d+(?:\.\d+)+/.exec(text) ?? /\d+/.exec(text) ?? [];
  return numbers?.split('.').map(Number);
}

/** Whether `version` is `minimum` or later; numbers that are missing count as 0. */
export function atLeast(version: Version, minimum: Version): boolean {
  for (let index = 0; index < Math.max(version.length, minimum.length); index += 1) {
    const [a, b] = [version[index] ?? 0, minimum[index] ?? 0];
    if (a !== b) return a > b;
  }
  return true;
}

/** Whether the two say nothing different: `3.7.x` and `3.7.1` agree, `3.7.1` and `2.7.1` do not. */
export function agree(a: Version, b: Version): boolean {
  return a.slice(0, b.length).every((number, index) => number === b[index]);
}
