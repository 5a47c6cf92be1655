/** How many lines of a worker's log so far were of which kind. */
export interface LineCounts {
  readonly commits: number;
  readonly errors: number;
  readonly warnings: number;
}

/** Where a worker's log4j configuration puts what MSK Connect shows; the worker's id is put before every line by whoever delivers it. */
export const log4jProperties = `log4j.rootLogger=INFO, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=[%d] %p %X{connector.context}%m (%c:%L)%n
`;

/**
 * Whether a line says that offsets were really committed. Read in the code of apache/kafka at tags 2.7.1 and 3.7.1 (WorkerSourceTask.java,
 * WorkerSinkTask.java): 2.7.1 writes `Committing offsets` on every tick of a source, even when it is stuck; a sink of 3.7.1 writes nothing at INFO.
 */
export function isCommit(line: string, connectVersion: string, sink: boolean): boolean {
  if (connectVersion.startsWith('2.')) {
    return line.includes(sink ? 'Committing offsets' : 'Finished commitOffsets successfully');
  }
  return (
    !sink &&
    line.includes('Committing offsets for') &&
    line.includes('acknowledged messages') &&
    !line.includes('for 0 acknowledged')
  );
}

/** Counts the lines of one connector's worker as they come. */
export class LineCounter {
  readonly #connectVersion: string;
  readonly #sink: boolean;
  #commits = 0;
  #errors = 0;
  #warnings = 0;

  constructor(connectVersion: string, sink: boolean) {
    this.#connectVersion = connectVersion;
    this.#sink = sink;
  }

  add(line: string): void {
    if (isCommit(line, this.#connectVersion, this.#sink)) this.#commits += 1;
    const level = /^\[[^\]]+\] (ERROR|WARN) /.exec(line)?.[1];
    if (level === 'ERROR') this.#errors += 1;
    if (level === 'WARN') this.#warnings += 1;
  }

  get counts(): LineCounts {
    return { commits: this.#commits, errors: this.#errors, warnings: this.#warnings };
  }
}

/** What a log says last of why it ended: from its last error on, else its end. At most five lines, none of them a frame of a stack trace. */
export function lastWords(lines: readonly string[]): string {
  const speaking = lines.filter((line) => !/^\s+(at |\.\.\. \d+ )/.test(line));
  const error = speaking.findLastIndex((line) => /^\[[^\]]+\] (ERROR|FATAL) /.test(line));
  const told = error === -1 ? speaking.slice(-5) : speaking.slice(error, error + 5);
  return told.map((line) => line.trim()).join(' ');
}
