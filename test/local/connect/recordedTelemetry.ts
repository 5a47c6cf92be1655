import type { Telemetry } from '../../../local/aws/service.ts';
import type { LocalClock } from '../../../local/clock.ts';

interface Datapoint {
  readonly atMs: number;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Telemetry that keeps what it gets, with its time. */
export class RecordedTelemetry implements Telemetry {
  readonly lines: { readonly atMs: number; readonly group: string; readonly text: string }[] = [];
  readonly datapoints: Datapoint[] = [];
  readonly #clock: LocalClock;

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  log(group: string, _stream: string, text: string): void {
    this.lines.push({ atMs: this.#clock.now(), group, text });
  }

  metric(namespace: string, name: string, dimensions: Readonly<Record<string, string>>, value: number): void {
    this.datapoints.push({ atMs: this.#clock.now(), metric: `${namespace} ${name}`, dimensions, value });
  }

  /** The newest value of a metric that is at most `withinMs` old. */
  latest(metric: string, withinMs = 60_000): number | undefined {
    const found = this.datapoints.findLast((datapoint) => datapoint.metric === metric);
    return found !== undefined && this.#clock.now() - found.atMs <= withinMs ? found.value : undefined;
  }

  /** How many lines with that text came after that moment. */
  count(text: string, sinceMs = 0): number {
    return this.lines.filter((line) => line.atMs > sinceMs && line.text.includes(text)).length;
  }
}
