import type { TlsVersion } from './versions.ts';

/** A line of Kafka Connect's own log, or the second line of one of java.util.logging, which the binlog client uses. */
const ofTheLog = /^\[\d{4}-\d\d-\d\d |^(?:INFO|WARNING|SEVERE): /;
const notable = /^\[[^\]]*\] (?:WARN|ERROR) |^(?:INFO|WARNING|SEVERE): /;
const mostShown = 8;

/** What the workers write into their log, so that a silence can be shown. */
export class WorkerLog {
  readonly #lines = new Map<TlsVersion, string[]>();

  /** To be told every line of a worker's output; those of a thread dump are not of its log. */
  hear(version: TlsVersion, line: string): void {
    if (!ofTheLog.test(line)) return;
    const lines = this.#lines.get(version) ?? [];
    lines.push(line);
    this.#lines.set(version, lines);
  }

  /** How many lines a worker has written since the last time, and the first and last of those that tell of trouble or of its connection. */
  take(version: TlsVersion): readonly string[] {
    const lines = this.#lines.get(version) ?? [];
    this.#lines.delete(version);
    const found = lines.filter((line) => notable.test(line));
    const left = found.length - mostShown;
    const shown =
      left <= 0 ? found : [...found.slice(0, mostShown / 2), `... ${left} more ...`, ...found.slice(-mostShown / 2)];
    return [
      `its log: ${lines.length} lines, ${found.length} of them warnings, errors or words of the binlog client`,
      ...shown.map((line) => `  ${line.slice(0, 220)}`),
    ];
  }
}
