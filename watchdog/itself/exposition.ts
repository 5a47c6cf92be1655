/** Labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>;

interface Family {
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  lines(name: string): readonly string[];
}

/**
 * Metrics in Prometheus's text format. Small on purpose: prom-client, which people would expect here, has had no release since June 2024.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export class Exposition {
  readonly #families = new Map<string, Family>();

  /** A number that only grows. */
  counter(name: string, help: string): Counter {
    return this.#add(name, new Counter(help));
  }

  /** A number that is asked for when the page is. */
  gauge(name: string, help: string, read: () => readonly (readonly [labels: Labels, value: number])[]): void {
    this.#add(name, new Gauge(help, read));
  }

  histogram(name: string, help: string, upTo: readonly number[]): Histogram {
    return this.#add(name, new Histogram(help, upTo));
  }

  text(): string {
    const lines = [...this.#families].flatMap(([name, family]) => [
      `# HELP ${name} ${family.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${family.type}`,
      ...family.lines(name),
    ]);
    return `${lines.join('\n')}\n`;
  }

  #add<F extends Family>(name: string, family: F): F {
    this.#families.set(name, family);
    return family;
  }
}

export class Counter implements Family {
  readonly type = 'counter';
  readonly help: string;
  readonly #values = new Map<string, number>();

  constructor(help: string) {
    this.help = help;
  }

  add(labels: Labels, by = 1): void {
    const key = written(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
  }

  lines(name: string): readonly string[] {
    return [...this.#values].map(([labels, value]) => `${name}${labels} ${value}`);
  }
}

class Gauge implements Family {
  readonly type = 'gauge';
  readonly help: string;
  readonly #read: () => readonly (readonly [labels: Labels, value: number])[];

  constructor(help: string, read: () => readonly (readonly [labels: Labels, value: number])[]) {
    this.help = help;
    this.#read = read;
  }

  lines(name: string): readonly string[] {
    return this.#read().map(([labels, value]) => `${name}${written(labels)} ${value}`);
  }
}

interface Buckets {
  readonly labels: Labels;
  readonly counts: number[];
  sum: number;
  count: number;
}

export class Histogram implements Family {
  readonly type = 'histogram';
  readonly help: string;
  readonly #upTo: readonly number[];
  readonly #series = new Map<string, Buckets>();

  constructor(help: string, upTo: readonly number[]) {
    this.help = help;
    this.#upTo = upTo;
  }

  observe(labels: Labels, value: number): void {
    const key = written(labels);
    const series = this.#series.get(key) ?? { labels, counts: this.#upTo.map(() => 0), sum: 0, count: 0 };
    this.#series.set(key, series);
    series.sum += value;
    series.count += 1;
    for (const [index, bound] of this.#upTo.entries()) {
      if (value <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1;
    }
  }

  lines(name: string): readonly string[] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum, count }) => [
      ...this.#upTo.map(
        (bound, index) => `${name}_bucket${written({ ...labels, le: `${bound}` })} ${counts[index] ?? 0}`,
      ),
      `${name}_bucket${written({ ...labels, le: '+Inf' })} ${count}`,
      `${name}_sum${written(labels)} ${sum}`,
      `${name}_count${written(labels)} ${count}`,
    ]);
  }
}

function written(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
