import type { Recorder } from '../../recovery/ports.ts';
import type { Objects } from '../../store/objects.ts';
import { cleanReason } from '../../tell/cleanText.ts';
import { json, nothing, readAnswer, recordAt } from '../rest/answers.ts';
import type { Answer } from '../rest/answers.ts';
import { readStatus } from '../rest/statuses.ts';
import type { Transport } from '../rest/transport.ts';
import { readWanted, type Wanted } from './wanted.ts';

/** What became of a connector's file: the content of `registered/<name>.json`. */
export interface Registered {
  /** The version of the file that this is about: S3's tag of it. */
  readonly file: string;
  /** `at work`: somebody is registering it, or died of it. */
  readonly outcome: 'at work' | 'registered' | 'unchanged' | 'deleted' | 'refused' | 'waiting';
  /** Since when it is so. */
  readonly since: string;
  /** Why it is refused, or what it waits for. */
  readonly reason?: string;
  /** What Kafka Connect said of it last. */
  readonly connector?: { readonly state: string; readonly worker: string; readonly trace?: string };
  readonly tasks?: readonly {
    readonly id: number;
    readonly state: string;
    readonly worker: string;
    readonly trace?: string;
  }[];
}

export interface RegistrarPorts {
  readonly objects: Pick<Objects, 'list' | 'read' | 'swap'>;
  readonly send: Transport;
  /** The REST interface of the worker beside us. */
  readonly url: string;
  readonly now: () => string;
  readonly recorder: Recorder;
}

export interface RegistrarPlaces {
  /** What the keys of connectors' files begin with. */
  readonly wanted: string;
  /** What the keys of what became of them begin with. */
  readonly registered: string;
}

/** Whoever began and did not end within this time died of it. */
const atWorkSeconds = 60;
/** Kafka Connect asks the database whether a configuration is good: what it refuses may be good when the database is back. */
const againSeconds = 60;
/** A change waits for the leader; Kafka Connect itself gives up after 90 s. */
const timeoutMs = 100_000;
const traceCharacters = 500;

/**
 * Looks once at every connector's file and brings about what is new in it. A version of a file is brought about once: who pauses a connector
 * afterwards, be it a person or the watchdog that stops and resumes it, is not overruled. A connector that is gone is created again, for its file still
 * wants it; a file that is gone deletes nothing.
 *
 * Several may do this at once, one beside each worker: who writes first that he is at work does it.
 */
export async function registerAll(ports: RegistrarPorts, places: RegistrarPlaces): Promise<void> {
  for (const key of await ports.objects.list(places.wanted)) {
    const name = /^([^/]+)\.json$/.exec(key.slice(places.wanted.length))?.[1];
    if (name === undefined) continue;
    try {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: each may make the workers rebalance
      await registerOne(ports, { name, key, registered: `${places.registered}${name}.json` });
    } catch (error) {
      ports.recorder.note('registrar.failed', { connector: name, error });
    }
  }
}

interface One {
  readonly name: string;
  readonly key: string;
  readonly registered: string;
}

async function registerOne(ports: RegistrarPorts, one: One): Promise<void> {
  const file = await ports.objects.read(one.key);
  if (file.kind !== 'read') return;
  const record = await ports.objects.read(one.registered);
  if (record.kind === 'denied' || record.kind === 'too-large') return;
  const tag = record.kind === 'read' ? record.tag : undefined;
  const before = record.kind === 'read' ? understood(record.text) : undefined;
  const now = ports.now();
  const write = async (next: Registered, over: string | undefined) => {
    const answer = await ports.objects.swap(one.registered, `${JSON.stringify(next, null, 2)}\n`, over);
    return answer.kind === 'written' ? answer.tag : undefined;
  };
  const read = readWanted(one.name, file.text);
  const done = before?.file === file.tag ? before : undefined;
  if ('faults' in read) {
    const reason = read.faults.join('\n');
    if (done?.reason !== reason) await write({ file: file.tag, outcome: 'refused', since: now, reason }, tag);
    return;
  }
  const { wanted } = read;
  const live = await liveConfig(ports, one.name);
  if (live.kind !== 'answered' && live.kind !== 'absent') return;
  const seen = await lookAt(ports, one.name, wanted);
  if (done !== undefined && !isDue(done, now, live, wanted)) {
    const next = { ...withoutStates(done), ...seen };
    if (JSON.stringify(next) !== JSON.stringify(done)) await write(next, tag);
    return;
  }
  const mine = await write({ file: file.tag, outcome: 'at work', since: now }, tag);
  // Somebody else is at it.
  if (mine === undefined) return;
  const result = await bringAbout(ports, one.name, wanted, live.kind === 'answered' ? live.value : undefined);
  ports.recorder.note(`registrar.${result.outcome.replace(' ', '-')}`, { connector: one.name, reason: result.reason });
  await write({ file: file.tag, since: ports.now(), ...result, ...(await lookAt(ports, one.name, wanted)) }, mine);
}

/** Whether this version of the file is to be brought about, again or for the first time. */
function isDue(done: Registered, now: string, live: Answer<unknown>, wanted: Wanted): boolean {
  const seconds = (Date.parse(now) - Date.parse(done.since)) / 1000;
  switch (done.outcome) {
    case 'at work':
      return seconds >= atWorkSeconds;
    case 'waiting':
      return true;
    case 'refused':
      return seconds >= againSeconds;
    case 'deleted':
      return false;
    case 'registered':
    case 'unchanged':
      return live.kind === 'absent' && wanted.state !== 'deleted';
  }
}

async function bringAbout(
  ports: RegistrarPorts,
  name: string,
  wanted: Wanted,
  live: Readonly<Record<string, string>> | undefined,
): Promise<Pick<Registered, 'outcome' | 'reason'>> {
  if (wanted.state === 'deleted') {
    return live === undefined ? { outcome: 'deleted' } : outcomeOf(await change(ports, 'DELETE', name), 'deleted');
  }
  const isNew = live === undefined || !same(live, wanted.config);
  if (isNew) {
    const put = outcomeOf(await change(ports, 'PUT', name, '/config', wanted.config), 'registered');
    if (put.outcome !== 'registered') return put;
  }
  const verb = wanted.state && verbs[wanted.state];
  if (verb === undefined) return { outcome: isNew ? 'registered' : 'unchanged' };
  return outcomeOf(await change(ports, 'PUT', name, verb), isNew ? 'registered' : 'unchanged');
}

const verbs: Readonly<Record<Exclude<NonNullable<Wanted['state']>, 'deleted'>, string>> = {
  running: '/resume',
  paused: '/pause',
  stopped: '/stop',
};

function outcomeOf(answer: Answer<unknown>, well: Registered['outcome']): Pick<Registered, 'outcome' | 'reason'> {
  switch (answer.kind) {
    case 'answered':
      return { outcome: well };
    case 'rebalancing':
      return { outcome: 'waiting', reason: `the workers rebalance: ${answer.reason}` };
    case 'absent':
      return { outcome: well === 'deleted' ? 'deleted' : 'waiting', reason: answer.reason };
    case 'no-endpoint':
    case 'refused':
      return { outcome: 'refused', reason: answer.reason };
  }
}

async function change(
  ports: RegistrarPorts,
  method: 'PUT' | 'DELETE',
  name: string,
  rest = '',
  config?: Readonly<Record<string, string>>,
): Promise<Answer<unknown>> {
  const response = await ports.send({
    method,
    url: `${ports.url}${pathOf(name)}${rest}`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(config && { body: JSON.stringify(config) }),
    timeoutMs,
  });
  const answer = readAnswer(`${method} ${pathOf(name)}${rest}`, response, nothing);
  // Its words may repeat what it was given.
  return answer.kind === 'answered' ? answer : { ...answer, reason: cleanReason(answer.reason, config) };
}

async function liveConfig(ports: RegistrarPorts, name: string): Promise<Answer<Readonly<Record<string, string>>>> {
  const response = await ports.send({ method: 'GET', url: `${ports.url}${pathOf(name)}/config`, timeoutMs: 10_000 });
  return readAnswer(
    `GET ${pathOf(name)}/config`,
    response,
    json((body) =>
      Object.fromEntries(
        Object.entries(recordAt(body, 'the configuration')).map(([key, value]) => [key, String(value)]),
      ),
    ),
  );
}

async function lookAt(
  ports: RegistrarPorts,
  name: string,
  { config }: Wanted,
): Promise<Pick<Registered, 'connector' | 'tasks'>> {
  const response = await ports.send({ method: 'GET', url: `${ports.url}${pathOf(name)}/status`, timeoutMs: 10_000 });
  const answer = readAnswer(
    `GET ${pathOf(name)}/status`,
    response,
    json((body) => readStatus(name, body)),
  );
  if (answer.kind !== 'answered') return {};
  const { state, worker, trace, tasks } = answer.value;
  const spoken = (text: string | undefined) =>
    text === undefined ? {} : { trace: cleanReason(text.slice(0, traceCharacters), config) };
  return {
    connector: { state, worker, ...spoken(trace) },
    tasks: tasks.map((task) => ({ id: task.id, state: task.state, worker: task.worker, ...spoken(task.trace) })),
  };
}

function withoutStates({ file, outcome, since, reason }: Registered): Registered {
  return { file, outcome, since, ...(reason !== undefined && { reason }) };
}

function same(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function pathOf(name: string): string {
  return `/connectors/${encodeURIComponent(name)}`;
}

/** A record that cannot be understood counts as none: it says only what was done, and is written anew. */
function understood(text: string): Registered | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const record = recordAt(parsed, 'the record');
    const ours = typeof record['file'] === 'string' && typeof record['since'] === 'string';
    return ours && typeof record['outcome'] === 'string' && outcomes.has(record['outcome'])
      ? (parsed as Registered)
      : undefined;
  } catch {
    return undefined;
  }
}

const outcomes: ReadonlySet<string> = new Set<Registered['outcome']>([
  'at work',
  'registered',
  'unchanged',
  'deleted',
  'refused',
  'waiting',
]);
