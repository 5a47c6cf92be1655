import * as v from 'valibot';
import type { CreateAct, DeleteAct, Journal, RestartAct } from '../recovery/journal.ts';
import type { Remedy } from '../recovery/policy.ts';
import type { Suspicion } from '../recovery/suspicion.ts';
import type { Verdict } from '../recovery/verdict.ts';
import { faultsOf } from '../tell/faults.ts';

const instant = v.pipe(v.string(), v.isoTimestamp());
const word = v.string();

/** What the engine reads must be there and of the right kind; what it may add one day is carried along. */
const createRequest = v.looseObject({
  connectorName: word,
  kafkaConnectVersion: word,
  connectorConfiguration: v.record(v.string(), v.string()),
});

/** A record, so that the compiler asks for each word that the engine knows and refuses any other. */
function oneOf<T extends string>(words: Readonly<Record<T, true>>) {
  return v.picklist(Object.keys(words));
}

const remedy = v.optional(
  oneOf<Remedy>({
    restart: true,
    recreate: true,
    'restart-failed-tasks': true,
    'stop-and-resume': true,
    'replace-worker': true,
  }),
);

const ended = { intendedAt: instant, endedAt: v.optional(instant), reason: v.optional(word) };

const act = v.variant('kind', [
  v.looseObject({
    kind: v.literal('restart'),
    ...ended,
    arn: word,
    onlyFailedTasks: v.boolean(),
    by: v.optional(oneOf<NonNullable<RestartAct['by']>>({ 'stop-and-resume': true, 'replace-worker': true })),
    tasks: v.optional(v.array(v.number())),
    worker: v.optional(word),
    stoppedAt: v.optional(instant),
    resumes: v.optional(
      v.looseObject({ times: v.number(), lastAt: instant, acceptedAt: v.optional(instant), reason: v.optional(word) }),
    ),
    operationArn: v.optional(word),
    denied: v.optional(v.literal(true)),
    busy: v.optional(v.literal(true)),
    result: v.optional(
      oneOf<NonNullable<RestartAct['result']>>({
        complete: true,
        failed: true,
        refused: true,
        'timed-out': true,
        'not-carried-out': true,
      }),
    ),
  }),
  v.looseObject({
    kind: v.literal('delete'),
    ...ended,
    arn: word,
    version: word,
    backup: v.optional(word),
    recreateFrom: createRequest,
    acceptedAt: v.optional(instant),
    backupClosedAt: v.optional(instant),
    result: v.optional(oneOf<NonNullable<DeleteAct['result']>>({ gone: true, refused: true, 'not-carried-out': true })),
  }),
  v.looseObject({
    kind: v.literal('create'),
    ...ended,
    request: createRequest,
    arn: v.optional(word),
    seenAt: v.optional(instant),
    result: v.optional(
      oneOf<NonNullable<CreateAct['result']>>({ running: true, failed: true, refused: true, vanished: true }),
    ),
    refusals: v.optional(v.looseObject({ times: v.number(), since: instant })),
  }),
]);

const trigger = v.variant('kind', [
  v.looseObject({ kind: v.literal('alarm'), connector: word, signal: word, alarm: word, since: word, reason: word }),
  v.looseObject({
    kind: v.literal('schedule'),
    connector: word,
    remedy: remedy,
  }),
  v.looseObject({ kind: v.literal('sweep'), connector: word, why: word }),
  v.looseObject({
    kind: v.literal('person'),
    connector: word,
    who: word,
    remedy: remedy,
    dryRun: v.boolean(),
  }),
]);

const verdict = v.looseObject({
  kind: oneOf<Verdict['kind']>({ alive: true, partial: true, idle: true, dead: true, elsewhere: true, unknown: true }),
  because: word,
  wouldChange: word,
  evidence: v.array(v.looseObject({ source: word, seen: word, says: word })),
  silentSince: v.optional(instant),
});

/** What a person ordered. */
const said = { at: instant, who: word, why: v.optional(word) };

const inStack = v.looseObject({
  suspected: v.optional(
    v.looseObject({
      since: instant,
      seenAt: instant,
      verdict: oneOf<Suspicion['verdict']>({ dead: true, elsewhere: true, ripening: true }),
      host: v.optional(word),
      stands: v.optional(v.looseObject({ since: instant, remedy, approvable: v.optional(v.literal(true)) })),
    }),
  ),
  cameBack: v.optional(v.looseObject({ at: instant, host: v.optional(word) })),
  announced: v.optional(v.looseObject({ at: instant, probes: v.number(), times: v.optional(v.number()) })),
});

const journal = v.looseObject({
  schema: v.literal(1),
  connector: word,
  lease: v.optional(v.looseObject({ holder: word, until: instant })),
  recovery: v.optional(
    v.looseObject({
      id: word,
      openedAt: instant,
      trigger,
      verdict,
      acts: v.array(act),
      alarmed: v.optional(v.looseObject({ at: instant, times: v.number() })),
      forStack: v.optional(v.literal(true)),
    }),
  ),
  history: v.array(
    v.looseObject({
      id: word,
      openedAt: instant,
      endedAt: instant,
      outcome: word,
      acts: v.array(word),
      probe: v.optional(v.literal(true)),
      aliveAt: v.optional(instant),
      forStack: v.optional(v.literal(true)),
      verdict: v.optional(word),
    }),
  ),
  standing: v.optional(v.looseObject({ key: word, since: instant, byStack: v.optional(v.literal(true)) })),
  advised: v.optional(v.array(word)),
  lulls: v.optional(
    v.looseObject({
      now: v.optional(v.looseObject({ since: instant, seenAt: instant, told: v.optional(v.literal(true)) })),
      longestSeconds: v.optional(v.number()),
      longestSeenAt: v.optional(instant),
    }),
  ),
  watchedWithLess: v.optional(v.looseObject({ of: word, since: instant, lost: v.array(word), remains: v.array(word) })),
  untold: v.optional(
    v.array(v.looseObject({ at: instant, message: v.looseObject({ connector: word, subject: word, text: word }) })),
  ),
  lookedAt: v.optional(instant),
  stack: v.optional(inStack),
  interventions: v.optional(v.array(v.looseObject({ did: word, ...said }))),
  hold: v.optional(v.looseObject(said)),
  approval: v.optional(v.looseObject({ ...said, until: instant, arn: word, version: word, usedBy: v.optional(word) })),
  calledOff: v.optional(v.looseObject({ ...said, of: v.optional(word) })),
  incurable: v.optional(v.looseObject({ version: word, since: instant })),
});

/** Reads a connector's journal from its JSON text; what cannot be understood is `broken`, never an empty one. */
export function parseJournal(
  text: string,
  connector: string,
): { readonly kind: 'read'; readonly journal: Journal } | { readonly kind: 'broken'; readonly reason: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'broken', reason: `the journal is ${text.length} characters that are not JSON` };
  }
  const read = v.safeParse(journal, json);
  if (!read.success)
    return { kind: 'broken', reason: `the journal has another shape: ${faultsOf(read.issues).join('; ')}` };
  if (read.output.connector !== connector) return { kind: 'broken', reason: "the journal is another connector's" };
  // Triggers, signals and outcomes are texts here and unions there; an unknown one is carried along.
  return { kind: 'read', journal: read.output as unknown as Journal };
}
