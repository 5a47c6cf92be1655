/** A number from 0 up to, but not including, 1. */
export type Random = () => number;

/** The same numbers for the same seed, on every machine (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `length` hexadecimal digits. */
export function randomHex(random: Random, length: number): string {
  let digits = '';
  while (digits.length < length) digits += '0123456789abcdef'.charAt(Math.floor(random() * 16));
  return digits;
}

/** An identity in the form of a version 4 UUID. */
export function randomUuid(random: Random): string {
  return [8, 4, 4, 4, 12]
    .map((length, place) => {
      const digits = randomHex(random, length);
      return place === 2 ? `4${digits.slice(1)}` : place === 3 ? `a${digits.slice(1)}` : digits;
    })
    .join('-');
}
