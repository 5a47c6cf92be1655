/** A worker's REST interface. */
export interface WorkerAddress {
  /** `worker_id`: the host and port that it advertises, which is how the states of connectors and tasks name it. */
  readonly worker: string;
  /** Where it is reached from here, without a slash at the end. */
  readonly url: string;
}

/**
 * Every worker that may be asked: those at `urls`, and those that `advertised` gives an address for. A worker's name is what it advertises, where that
 * is said, or else the host and port of its address.
 *
 * @see https://github.com/apache/kafka/blob/3.7/connect/runtime/src/main/java/org/apache/kafka/connect/runtime/rest/RestServer.java — `advertisedUrl`
 */
export function workerAddresses(
  urls: readonly string[],
  advertised: Readonly<Record<string, string>>,
): readonly WorkerAddress[] {
  const named = Object.entries(advertised).map(([worker, url]) => ({ worker, url: bare(url) }));
  const others = urls
    .map(bare)
    .filter((url) => !named.some((known) => known.url === url))
    .map((url) => ({ worker: hostAndPort(url), url }));
  // In the order of `urls`, so that the first is asked first while nothing is known of them.
  return [...others, ...named].toSorted((a, b) => place(urls, a) - place(urls, b));
}

function place(urls: readonly string[], { url }: WorkerAddress): number {
  const index = urls.map(bare).indexOf(url);
  return index < 0 ? urls.length : index;
}

function bare(url: string): string {
  return url.replace(/\/+$/, '');
}

/** With the port that the scheme implies, which a worker advertises and an address leaves out. */
export function hostAndPort(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
}
