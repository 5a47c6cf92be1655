/**
 * Loaded before a function's own code (`node --import`): its process lives in the local services' scaled time, and no line of
 * product code knows. Scaled: Date, setTimeout, setInterval (also from node:timers and node:timers/promises), performance.now.
 * Real: sockets, process starts, AbortSignal.timeout and process.hrtime, and the timers that guard a socket (see `guardsSocket`).
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { promisify } from 'node:util';

const require = createRequire(import.meta.url);
const originRealMs = Number(process.env['LOCAL_TIME_ORIGIN_REAL_MS']);
const originMs = Number(process.env['LOCAL_TIME_ORIGIN_MS']);
const factor = Number(process.env['LOCAL_TIME_FACTOR']);
if (!(factor >= 1 && factor <= 60) || Number.isNaN(originRealMs) || Number.isNaN(originMs)) {
  throw new Error('preload.ts needs LOCAL_TIME_ORIGIN_REAL_MS, LOCAL_TIME_ORIGIN_MS and LOCAL_TIME_FACTOR (1 to 60).');
}

const RealDate = Date;
const realNow = RealDate.now.bind(RealDate);
const virtualNow = () => Math.floor(originMs + (realNow() - originRealMs) * factor);

RealDate.now = virtualNow;
const ScaledDate = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [virtualNow()] : args, newTarget),
  apply: () => new RealDate(virtualNow()).toString(),
});
RealDate.prototype.constructor = ScaledDate;
globalThis.Date = ScaledDate;

const realPerformanceNow = performance.now.bind(performance);
const performanceOrigin = realPerformanceNow();
performance.now = () => performanceOrigin + (realPerformanceNow() - performanceOrigin) * factor;

/** Rounded up: a timer that comes early would find that its moment has not come. */
const realDelay = (ms: unknown) => Math.ceil(Number(ms ?? 0) / factor);

/**
 * Whether the timer is started by the SDK's HTTP handler, to bound the making of a connection or an answer on a socket. Sockets stay
 * in real time, so these must too, or they fire `factor` times too early. All of them go through one object,
 * `timing = { setTimeout: (cb, ms) => setTimeout(cb, ms), ... }` in @smithy/node-http-handler/dist-es/timing.js; property names
 * survive bundling and minifying, so its caller is known by being called `setTimeout` itself.
 */
function guardsSocket(): boolean {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, scaledSetTimeout);
  Error.stackTraceLimit = limit;
  return /^\s*at (?:\S+\.)?setTimeout \(/m.test(holder.stack ?? '');
}

/** Set while the callback of a guard runs: the guard that it starts in turn guards the same socket. */
let insideGuard = false;

const timers = require('node:timers') as typeof import('node:timers');
const timersPromises = require('node:timers/promises') as typeof import('node:timers/promises');
const realSetTimeout = timers.setTimeout;
const realSetInterval = timers.setInterval;
const realWait = timersPromises.setTimeout;
const realEvery = timersPromises.setInterval;

function scaledSetTimeout(callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]): NodeJS.Timeout {
  if (insideGuard || guardsSocket()) {
    return realSetTimeout(
      (...given: unknown[]) => {
        insideGuard = true;
        try {
          callback(...given);
        } finally {
          insideGuard = false;
        }
      },
      ms,
      ...args,
    );
  }
  return realSetTimeout(callback, realDelay(ms), ...args);
}

const scaledSetInterval = (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
  realSetInterval(callback, realDelay(ms), ...args);
const scaledWait: typeof realWait = (ms, value, options) => realWait(realDelay(ms), value, options);
const scaledEvery: typeof realEvery = (ms, value, options) => realEvery(realDelay(ms), value, options);
Object.defineProperty(scaledSetTimeout, promisify.custom, { value: scaledWait });

Object.assign(globalThis, { setTimeout: scaledSetTimeout, setInterval: scaledSetInterval });
Object.assign(timers, { setTimeout: scaledSetTimeout, setInterval: scaledSetInterval });
Object.assign(timersPromises, { setTimeout: scaledWait, setInterval: scaledEvery });
const realSchedulerWait = timersPromises.scheduler.wait.bind(timersPromises.scheduler);
Object.defineProperty(timersPromises.scheduler, 'wait', {
  value: (ms: number, options?: Parameters<typeof realSchedulerWait>[1]) => realSchedulerWait(realDelay(ms), options),
});
syncBuiltinESMExports();
