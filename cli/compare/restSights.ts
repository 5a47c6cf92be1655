import { readPrometheus } from '../../watchdog/round/prometheus.ts';
import { counted, inSeconds, sightNames, statesInWords, valuesInWords } from './sights.ts';
import type { SightReader, Sights } from './sights.ts';

const lookEveryMs = 2000;

/** What one look found; what was not answered is absent. */
interface Look {
  readonly atMs: number;
  readonly state?: string;
  readonly task?: string;
  readonly trace?: string;
  /** The text of the committed offsets. */
  readonly offsets?: string;
  readonly connected?: number;
  readonly msSinceLastEvent?: number;
  readonly recordsIn?: number;
}

/**
 * What a connector of a self-managed Kafka Connect shows: its worker's REST interface, and the JMX agent's Prometheus text beside it.
 * @param options.pollSeconds how often the watchdog polls; the spectator looks more often, for much may happen between two polls
 */
export function restSights(options: {
  readonly connector: string;
  /** Of its worker. */
  readonly url: string;
  readonly prometheusUrl?: string;
  readonly pollSeconds: number;
  readonly now: () => number;
}): SightReader {
  const { connector, url, prometheusUrl, pollSeconds, now } = options;
  const looks: Look[] = [];

  return {
    async look() {
      const atMs = now();
      if (atMs - (looks.at(-1)?.atMs ?? -Infinity) < lookEveryMs) return;
      const place = `${url}/connectors/${connector}`;
      const [status, offsets, metrics] = await Promise.all([
        ask(`${place}/status`),
        ask(`${place}/offsets`),
        prometheusUrl === undefined ? undefined : ask(prometheusUrl),
      ]);
      looks.push({
        atMs,
        ...statusIn(status),
        ...(offsets === undefined ? {} : { offsets }),
        ...(metrics === undefined ? {} : metricsIn(metrics, connector)),
      });
    },
    async read(fromMs, toMs) {
      const during = looks.filter(({ atMs }) => atMs > fromMs && atMs < toMs);
      if (during.length === 0) return unseen(pollSeconds);
      const all = <Key extends keyof Look>(key: Key) =>
        during.flatMap((look) => look[key] ?? []) as NonNullable<Look[Key]>[];
      const offsets = all('offsets');
      const changes = offsets.filter((text, index) => index > 0 && text !== offsets[index - 1]).length;
      const [trace] = all('trace');
      return {
        "the connector's state": statesInWords(all('state')),
        "its task's state": statesInWords(all('task')),
        "a failed task's stack trace": trace === undefined ? 'nothing failed: none' : `shown: ${firstLine(trace)}`,
        Connected: valuesInWords(all('connected')),
        'since the last event': valuesInWords(all('msSinceLastEvent'), inSeconds),
        'records polled a second': valuesInWords(all('recordsIn'), (rate) => rate.toFixed(2)),
        'committed offsets':
          offsets.length === 0
            ? 'not shown: GET /connectors/{name}/offsets is there from 3.5 on'
            : `shown: ${changes === 0 ? 'unchanged' : `changed ${counted(changes, 'time')}`} in ${counted(offsets.length, 'look')}`,
        'looked at, every': `${pollSeconds} s, by a poll`,
      };
    },
  };
}

/** What is said where it was acted on before anybody else had looked. */
function unseen(pollSeconds: number): Sights {
  const entries = sightNames.map((name) => [name, 'acted on before the spectator looked'] as const);
  return { ...(Object.fromEntries(entries) as Sights), 'looked at, every': `${pollSeconds} s, by a poll` };
}

async function ask(address: string): Promise<string | undefined> {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(5000) });
    const text = await answer.text();
    return answer.ok ? text : undefined;
  } catch {
    // A spectator has no deadline to keep: the next look will tell.
    return undefined;
  }
}

function statusIn(text: string | undefined): Pick<Look, 'state' | 'task' | 'trace'> {
  if (text === undefined) return {};
  const { connector, tasks = [] } = JSON.parse(text) as {
    readonly connector: { readonly state: string };
    readonly tasks?: readonly { readonly state: string; readonly trace?: string }[];
  };
  const [task] = tasks;
  return {
    state: connector.state,
    ...(task === undefined ? {} : { task: task.state }),
    ...(task?.trace === undefined ? {} : { trace: task.trace }),
  };
}

function metricsIn(text: string, connector: string): Pick<Look, 'connected' | 'msSinceLastEvent' | 'recordsIn'> {
  const { rates, debezium } = readPrometheus(text);
  // One connector lives on the worker; each of its values may stand by itself.
  const connected = debezium.find((each) => each.connected !== undefined)?.connected;
  const msSinceLastEvent = debezium.find((each) => each.msSinceLastEvent !== undefined)?.msSinceLastEvent;
  const recordsIn = rates.find((each) => each.connector === connector)?.recordsIn;
  return {
    ...(connected === undefined ? {} : { connected }),
    ...(msSinceLastEvent === undefined ? {} : { msSinceLastEvent }),
    ...(recordsIn === undefined ? {} : { recordsIn }),
  };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
