/** Kafka's own defaults: `metrics.num.samples` and `metrics.sample.window.ms`. */
const samplesKept = 2;
const windowMs = 30_000;

interface Sample {
  startMs: number;
  events: number;
}

/**
 * Events per second, counted as Kafka's metrics count them: over the window under way and the full one before it, so that a rate
 * falls to zero in steps after the last event, within a minute.
 * @see https://github.com/apache/kafka/blob/3.7.1/clients/src/main/java/org/apache/kafka/common/metrics/stats/Rate.java
 */
export class KafkaRate {
  #samples: Sample[] = [];

  record(atMs: number): void {
    const current = this.#samples.at(-1);
    if (current !== undefined && atMs - current.startMs < windowMs) {
      current.events += 1;
      return;
    }
    this.#samples.push({ startMs: atMs, events: 1 });
    this.#samples = this.#samples.slice(-samplesKept);
  }

  perSecond(atMs: number): number {
    const kept = this.#samples.filter(({ startMs }) => atMs - startMs < samplesKept * windowMs);
    const oldestMs = kept[0]?.startMs ?? atMs;
    const elapsedMs = atMs - oldestMs;
    const missingWindows = Math.max(0, samplesKept - 1 - Math.floor(elapsedMs / windowMs));
    const events = kept.reduce((sum, sample) => sum + sample.events, 0);
    return (events * 1000) / (elapsedMs + missingWindows * windowMs);
  }
}
