import type { LocalClock } from '../clock.ts';
import { readAsked, written } from './door.ts';
import { NoAnswer, type HttpRequest, type HttpResponse, type Transport } from './http.ts';
import type { ListeningParts } from './listening.ts';
import type { ClusterWorker } from './worker.ts';

/** The way to the workers without a network: everything takes its time on the given clock, so that hours pass in milliseconds. */
export function inProcess(clock: LocalClock, workers: readonly ClusterWorker[], parts: ListeningParts): Transport {
  const { door } = parts;
  const sleep = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      clock.at(clock.now() + milliseconds, resolve);
    });

  const answer = async (request: HttpRequest): Promise<HttpResponse | 'hangs'> => {
    const { host, origin, pathname, search } = new URL(request.url);
    const path = `${pathname}${search}`;
    await sleep(door.latency());
    const metered = workers.find(({ prometheusUrl }) => new URL(prometheusUrl).host === host);
    const worker = metered ?? workers.find(({ url }) => url === origin);
    if (worker === undefined || worker.process === 'down' || worker.process === 'starting') {
      throw new NoAnswer('unreachable', `connect ECONNREFUSED ${host}`);
    }
    if (metered !== undefined) {
      if (metered.process === 'frozen') return 'hangs';
      return { status: 200, headers: { 'content-type': 'text/plain; version=0.0.4' }, body: parts.prometheus(metered) };
    }
    const met = await door.enter(
      worker,
      readAsked(request.method, path, request.body, headerOf(request, 'authorization')),
      path,
    );
    const status = typeof met === 'string' ? undefined : met.answered.status;
    parts.seen(worker, request.method, path, status);
    if (met === 'hangs') return met;
    if (met === 'refuses') throw new NoAnswer('unreachable', `connect ECONNREFUSED ${host}`);
    if (met === 'ends') throw new NoAnswer('cut-short', `socket hang up (${host})`);
    const { headers, text } = written(met.answered);
    if (met.cutShort && text.length > 0) throw new NoAnswer('cut-short', `the answer of ${host} ended before its time`);
    return { status: met.answered.status, headers, body: text };
  };

  return (request) =>
    new Promise((resolve, reject) => {
      const callOff = clock.at(clock.now() + request.timeoutMs, () =>
        reject(new NoAnswer('timeout', `no answer within ${request.timeoutMs} ms`)),
      );
      const settle = async () => {
        const answered = await answer(request);
        if (answered === 'hangs') return;
        callOff();
        resolve(answered);
      };
      settle().catch((error: unknown) => {
        callOff();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
}

function headerOf({ headers = {} }: HttpRequest, name: string): string | undefined {
  return Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
}
