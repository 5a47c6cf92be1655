/** Above what is a plain character of a file's name everywhere; each byte of anything else is written as `%` and two digits. */
const plain = /[A-Za-z0-9_.-]/;

/** The path of an object's folder, by its key: as readable as the key is, and never outside of the store. */
export function pathOf(key: string): string {
  return key.split('/').map(nameOf).join('/');
}

function nameOf(part: string): string {
  if (part === '') return '%';
  // A name that begins with a dot is hidden, or leads upwards.
  return Array.from(part, (character, index) => (isPlain(character, index) ? character : escaped(character))).join('');
}

function isPlain(character: string, index: number): boolean {
  return plain.test(character) && !(index === 0 && character === '.');
}

function escaped(character: string): string {
  return [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** A part of a key, by the name that `pathOf` gave it. */
export function keyOf(name: string): string {
  return name === '%' ? '' : decodeURIComponent(name);
}

/** What a version of an object is called; no part of a key is. */
export function versionName(number: number): string {
  return `@${number}`;
}

/** The number of a version, by its name; `undefined`: it is none. */
export function versionIn(name: string): number | undefined {
  return /^@[1-9]\d{0,14}$/.test(name) ? Number(name.slice(1)) : undefined;
}
