/** What may be asked of a connector from outside; each world answers what it can. */
export const sightNames = [
  "the connector's state",
  "its task's state",
  "a failed task's stack trace",
  'Connected',
  'since the last event',
  'records polled a second',
  'committed offsets',
  'looked at, every',
] as const;

export type SightName = (typeof sightNames)[number];

/** What one world showed while nothing arrived, from the failure to the act (or to the data, where nobody acted). */
export type Sights = Readonly<Record<SightName, string>>;

/** How one world is asked what it shows. */
export interface SightReader {
  /** Looks once at what can be seen only while it lasts. */
  look(): Promise<void>;
  /** All that was to be seen between the two moments. */
  read(fromMs: number, toMs: number): Promise<Sights>;
}

/** `RUNNING (17 looks)`, or one after the other where it changed. */
export function statesInWords(states: readonly string[]): string {
  if (states.length === 0) return 'not looked at';
  const different = [...new Set(states)];
  return `${different.join(', then ')} (${counted(states.length, 'look')})`;
}

/** `1 all the while (3 values)`, or from the least to the greatest. */
export function valuesInWords(values: readonly number[], show: (value: number) => string = String): string {
  if (values.length === 0) return 'no value';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const count = counted(values.length, 'value');
  return least === most ? `${show(least)} all the while (${count})` : `${show(least)} to ${show(most)} (${count})`;
}

/** `1 look`, `2 looks`. */
export const counted = (count: number, what: string) => `${count} ${count === 1 ? what : `${what}s`}`;

export const inSeconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;
