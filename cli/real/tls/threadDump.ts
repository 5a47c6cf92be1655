/** A thread of a JVM at one moment. */
export interface DumpedThread {
  readonly name: string;
  /** `RUNNABLE`, `WAITING (parking)` and so on. */
  readonly state: string;
  /** `sun.security.ssl.SSLSocketImpl.closeNotify(SSLSocketImpl.java:735)`, innermost first. */
  readonly frames: readonly string[];
  /** The lock that it is parked for, by its address. */
  readonly waitsFor?: string;
  /** Locks of java.util.concurrent that it holds. */
  readonly holds: readonly string[];
}

export interface ThreadDump {
  /** `OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1 ...)`. */
  readonly jvm: string;
  readonly threads: readonly DumpedThread[];
}

/** Reads what a JVM started with `-XX:+PrintConcurrentLocks` writes at SIGQUIT. Other lines in between are left out. */
export function parseThreadDump(lines: readonly string[]): ThreadDump {
  let jvm = 'unknown';
  const threads: { name: string; state: string; frames: string[]; waitsFor?: string; holds: string[] }[] = [];
  for (const line of lines) {
    const head = /^Full thread dump (.*?):?$/.exec(line)?.[1];
    if (head !== undefined) jvm = head;
    const name = /^"(.*?)" /.exec(line)?.[1];
    if (name !== undefined) threads.push({ name, state: '', frames: [], holds: [] });
    const thread = threads.at(-1);
    if (thread === undefined) continue;
    const state = /^ {3}java\.lang\.Thread\.State: (.*)$/.exec(line)?.[1];
    if (state !== undefined) thread.state = state;
    const frame = /^\tat (.*)$/.exec(line)?.[1];
    if (frame !== undefined) thread.frames.push(frame.replace(/\([^()]*@[^()]*\/([^()]*)\)$/, '($1)'));
    const waitsFor = /^\t- parking to wait for +<(0x[0-9a-f]+)>/.exec(line)?.[1];
    if (waitsFor !== undefined) thread.waitsFor = waitsFor;
    const held = /^\t- <(0x[0-9a-f]+)>/.exec(line)?.[1];
    if (held !== undefined) thread.holds.push(held);
  }
  return { jvm, threads };
}

/** A thread that is in a write to a TLS socket that does not go on, and those that wait for a lock which it holds meanwhile. */
export interface BlockedWrite {
  readonly writer: DumpedThread;
  /** Whether it was TLS 1.3's own message, not the application's, that it writes. */
  readonly keyUpdate: boolean;
  readonly waiters: readonly DumpedThread[];
}

export function blockedWrites({ threads }: ThreadDump): readonly BlockedWrite[] {
  return threads.filter(isWriting).map((writer) => ({
    writer,
    keyUpdate: writer.frames.some((frame) => frame.includes('sun.security.ssl.KeyUpdate')),
    waiters: threads.filter(({ waitsFor }) => waitsFor !== undefined && writer.holds.includes(waitsFor)),
  }));
}

/** Threads that are in the closing of a TLS socket, wherever it stands. */
export function closings({ threads }: ThreadDump): readonly DumpedThread[] {
  return threads.filter(({ frames }) =>
    frames.some((frame) => /SSLSocketImpl\.(close|closeNotify|duplexClose\w+|shutdown\w+)\(/.test(frame)),
  );
}

/** The threads of the binlog client, of Debezium's coordinator and of the task: those that a hang would show in. */
export function connectorThreads({ threads }: ThreadDump): readonly DumpedThread[] {
  return threads.filter(({ name }) => /^blc-|change-event-source-coordinator$|^task-thread-/.test(name));
}

/** A thread as a dump shows it, without what every thread has. */
export function threadLines({ name, state, frames, waitsFor, holds }: DumpedThread, most = 40): readonly string[] {
  return [
    `"${name}" ${state}`,
    ...frames.slice(0, most).map((frame) => `    at ${frame}`),
    ...(frames.length > most ? [`    and ${frames.length - most} more`] : []),
    ...(waitsFor === undefined ? [] : [`    waits for ${waitsFor}`]),
    ...(holds.length === 0 ? [] : [`    holds ${holds.join(', ')}`]),
  ];
}

function isWriting({ frames }: DumpedThread): boolean {
  const native = frames[0] ?? '';
  return /\.write0\(|\.socketWrite0\(/.test(native) && frames.some((frame) => frame.startsWith('sun.security.ssl.'));
}
