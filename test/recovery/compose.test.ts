import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeOutcome } from '../../recovery/compose.ts';
import { composeAlarm } from '../../recovery/composeAlarm.ts';
import type { Journal } from '../../recovery/journal.ts';
import type { Outcome } from '../../recovery/outcome.ts';
import { parseCreateRequest } from '../../recovery/createRequest.ts';
import { ago, alarm, arn, at, journal, person, policy, recovery, request, schedule, verdict } from './examples.ts';
import { Crash, World } from './world.ts';

const { ports } = new World();
const evidence = [{ source: 'event clock', seen: '473 s since the last event', says: 'dead' }] as const;
const dead = verdict('dead', { because: 'It is silent.', silentSince: ago(473), evidence });
const alive = verdict('alive', { because: 'Records moved 5 s ago.' });
const restarted = {
  kind: 'restart',
  intendedAt: ago(300),
  arn,
  onlyFailedTasks: false,
  endedAt: ago(240),
  result: 'complete',
} as const;
const deleted = {
  kind: 'delete',
  intendedAt: ago(200),
  arn,
  version: 'V1',
  recreateFrom: request(),
  backup: 's3://bucket/backups/r-1.json',
  endedAt: ago(100),
  result: 'gone',
} as const;
const refusedCreate = {
  kind: 'create',
  intendedAt: ago(20),
  request: request(),
  endedAt: ago(19),
  result: 'refused',
  reason: 'ForbiddenException: iam:PassRole',
  refusals: { times: 4, since: ago(90) },
} as const;

interface Row {
  readonly what: string;
  readonly outcome: Outcome;
  readonly journal?: Journal;
  readonly subject: string;
  readonly text: readonly string[];
  readonly never?: readonly string[];
}

const rows: readonly Row[] = [
  {
    what: 'restarted and back',
    outcome: { kind: 'recovered', reason: 'x', verdict: alive },
    journal: journal({ recovery: recovery([restarted], { verdict: dead }) }),
    subject: '[connector-recovery] orders-cdc: back: restarted, and data flows again',
    text: [
      'It is silent.',
      'the alarm orders-cdc-event-clock',
      'restart: complete after 60 s',
      `Data stood still from ${ago(473)}`,
      '473 s since the last event',
      'Nothing.',
      'https://console.example',
    ],
  },
  {
    what: 'recreated and back',
    outcome: { kind: 'recovered', reason: 'x', verdict: alive },
    journal: journal({ recovery: recovery([deleted, { ...refusedCreate, result: 'running' }], { verdict: dead }) }),
    subject: '[connector-recovery] orders-cdc: back: recreated, and data flows again',
    text: ['deletion: gone after 100 s', 's3://bucket/backups/r-1.json', 'creation: RUNNING'],
  },
  {
    what: 'restarted, no proof',
    outcome: { kind: 'acted-unproved', reason: 'No record was seen.', verdict: verdict('unknown') },
    journal: journal({ recovery: recovery([restarted], { verdict: dead }) }),
    subject: '[connector-recovery] orders-cdc: restarted, but no data seen yet',
    text: ['Check that rows arrive', '"dryRun":true'],
    never: ['back:'],
  },
  {
    what: 'some tasks are in error still: the others deliver, so nobody reads that no record was seen',
    outcome: {
      kind: 'acted-unproved',
      reason: 'Some tasks are in error 5 min after the restart.',
      verdict: verdict('partial', { because: '1 task(s) in error while 2 still run.', silentSince: ago(900) }),
    },
    journal: journal({ recovery: recovery([restarted], { verdict: verdict('partial', { silentSince: ago(900) }) }) }),
    subject: '[connector-recovery] orders-cdc: restarted, but some tasks are still in error',
    text: [`Tasks have been in error since ${ago(900)} (15 min).`, 'Look at the failed tasks'],
    never: ['No record has been seen', 'no data', 'Check that rows arrive'],
  },
  {
    what: 'the failed tasks are back',
    outcome: { kind: 'recovered', reason: 'x', verdict: alive },
    journal: journal({ recovery: recovery([restarted], { verdict: verdict('partial', { silentSince: ago(900) }) }) }),
    subject: '[connector-recovery] orders-cdc: back: restarted, and data flows again',
    text: [`Tasks were in error from ${ago(900)}; none was at ${at(0)} (15 min later).`],
    never: ['Data stood still'],
  },
  {
    what: 'the preventive restart of a healthy one is no incident',
    outcome: { kind: 'recovered', reason: 'x', verdict: alive },
    journal: journal({ recovery: recovery([restarted], { verdict: alive, trigger: schedule }) }),
    subject: '[connector-recovery] orders-cdc: restarted as planned, and data flows',
    text: [
      'It was restarted without any sign of trouble: the preventive restart was due.',
      'Before it: Records moved 5 s ago.',
    ],
    never: ['back', 'again', 'Noticed', 'stood still'],
  },
  {
    what: 'the preventive recreation of an idle one is none either',
    outcome: { kind: 'recovered', reason: 'x', verdict: alive },
    journal: journal({
      recovery: recovery([deleted, { ...refusedCreate, result: 'running' }], {
        verdict: verdict('idle', { silentSince: ago(7200) }),
        trigger: { kind: 'schedule', connector: 'orders-cdc', remedy: 'recreate' },
      }),
    }),
    subject: '[connector-recovery] orders-cdc: recreated as planned, and data flows',
    text: ['It was recreated without any sign of trouble'],
    never: ['back:', 'stood still'],
  },
  {
    what: 'a preventive restart after which an idle one has nothing to say',
    outcome: { kind: 'acted-unproved', reason: 'No record was seen.', verdict: verdict('idle') },
    journal: journal({ recovery: recovery([restarted], { verdict: verdict('idle'), trigger: schedule }) }),
    subject: '[connector-recovery] orders-cdc: restarted as planned, but no data seen yet',
    text: ['Check that rows arrive'],
  },
  {
    what: 'a restart that a person asked for',
    outcome: { kind: 'recovered', reason: 'x', verdict: alive },
    journal: journal({ recovery: recovery([restarted], { verdict: alive, trigger: person('restart') }) }),
    subject: '[connector-recovery] orders-cdc: restarted as asked, and data flows',
    text: ['It was restarted without any sign of trouble: asked for by anna.'],
    never: ['back', 'Noticed'],
  },
  {
    what: 'the preventive restart of one that turned out to be dead is an incident',
    outcome: { kind: 'recovered', reason: 'x', verdict: alive },
    journal: journal({ recovery: recovery([restarted], { verdict: dead, trigger: schedule }) }),
    subject: '[connector-recovery] orders-cdc: back: restarted, and data flows again',
    text: ['Noticed at', 'the preventive restart was due'],
  },
  {
    what: 'a refusal takes no time',
    outcome: { kind: 'gave-up', reason: 'restart was refused: x', verdict: dead },
    journal: journal({
      recovery: recovery([{ ...restarted, endedAt: restarted.intendedAt, result: 'refused', reason: 'x' }], {
        verdict: dead,
      }),
    }),
    subject: '[connector-recovery] orders-cdc: dead, and no remedy could be done: a person is needed',
    text: [`${restarted.intendedAt} restart: refused: x`],
    never: ['after 0 s'],
  },
  {
    what: 'gave up',
    outcome: { kind: 'gave-up', reason: 'Everything was tried.', verdict: dead },
    journal: journal({ recovery: recovery([restarted], { verdict: dead }) }),
    subject: '[connector-recovery] orders-cdc: still dead after all that is allowed: a person is needed',
    text: ['Everything was tried.', 'Look at the connector', 'No record has been seen since'],
  },
  {
    what: 'refused for drift',
    outcome: { kind: 'refused', objections: ['drift'], reason: 'It differs in tasks.max.', verdict: dead },
    subject: '[connector-recovery] orders-cdc: dead, and not touched: see why',
    text: ['Nothing was touched.', 'It differs in tasks.max.', 'npm run capture -- orders-cdc'],
  },
  {
    what: 'a person’s recreation of a living one is refused for drift',
    outcome: { kind: 'refused', objections: ['drift'], reason: 'It differs in tasks.max.', verdict: alive },
    subject: '[connector-recovery] orders-cdc: alive, and not touched: see why',
    text: ['npm run capture -- orders-cdc'],
  },
  {
    what: 'refused on one of which nothing is known: it does exist',
    outcome: { kind: 'refused', objections: ['offsets'], reason: 'x', verdict: verdict('unknown') },
    subject: '[connector-recovery] orders-cdc: unknown, and not touched: see why',
    text: [],
    never: ['does not exist'],
  },
  {
    what: 'it does not exist',
    outcome: { kind: 'refused', objections: ['absent'], reason: 'x', verdict: verdict('unknown') },
    subject: '[connector-recovery] orders-cdc: does not exist, and we did not delete it',
    text: ['"remedy":"recreate"'],
  },
  {
    what: 'elsewhere',
    outcome: { kind: 'left-alone', reason: 'The source cannot be reached.', verdict: verdict('elsewhere') },
    subject: '[connector-recovery] orders-cdc: silent, but the cause is elsewhere; not touched',
    text: ['The source cannot be reached.', 'Something else.'],
  },
  {
    what: 'unknown',
    outcome: {
      kind: 'left-alone',
      reason: 'x',
      verdict: verdict('unknown', { wouldChange: 'Set heartbeat.interval.ms.' }),
    },
    subject: '[connector-recovery] orders-cdc: silent, and nobody can tell why; not touched',
    text: ['Set heartbeat.interval.ms.', 'told this once'],
  },
  {
    what: 'paused by a person in mid-recovery',
    outcome: { kind: 'left-alone', reason: 'Somebody took it in hand: it is PAUSED.' },
    journal: journal({ recovery: recovery([restarted], { verdict: dead }) }),
    subject: '[connector-recovery] orders-cdc: taken in hand by somebody during the recovery',
    text: ['it is PAUSED'],
  },
  {
    what: 'alive before our restart was carried out',
    outcome: { kind: 'left-alone', reason: 'x', verdict: alive },
    journal: journal({
      recovery: recovery([{ ...restarted, result: 'not-carried-out' }], { verdict: dead, trigger: person() }),
    }),
    subject: '[connector-recovery] orders-cdc: alive again without our doing',
    text: ['asked for by anna', 'it was seen flowing'],
    never: ['taken in hand', 'No record has been seen since'],
  },
];

describe('what a person reads at 3 in the morning', () => {
  it.each(rows)('$what', (row) => {
    const message = composeOutcome(policy(), row.outcome, row.journal ?? journal(), at(0), ports);
    expect(message.subject).toBe(row.subject);
    for (const part of row.text) expect(message.text).toContain(part);
    for (const part of row.never ?? []) expect(`${message.subject}\n${message.text}`).not.toContain(part);
  });

  it('the alarm of a connector that is not back says why, what was done, and how to end it', () => {
    const message = composeAlarm(
      'orders-cdc',
      'CreateConnector has refused.',
      recovery([deleted, refusedCreate], { verdict: dead }),
      ports,
    );
    expect(message.subject).toBe('[connector-recovery] orders-cdc: DELETED AND NOT BACK YET');
    for (const part of [
      'CreateConnector has refused.',
      'iam:PassRole',
      'failed 4 time(s)',
      's3://bucket/backups/r-1.json',
      'by hand',
    ])
      expect(message.text).toContain(part);
  });

  it('tells of a connector that was recreated and cannot reach its source', () => {
    const failed = {
      kind: 'create',
      intendedAt: ago(1500),
      request: request(),
      arn,
      seenAt: ago(1490),
      endedAt: ago(300),
      result: 'failed',
      reason: 'Unable to connect: Connection refused',
    } as const;
    const message = composeAlarm('orders-cdc', 'It could not reach it.', recovery([deleted, failed]), ports);
    expect(message.subject).toBe('[connector-recovery] orders-cdc: RECREATED, AND DOES NOT RUN');
    expect(message.text).not.toContain('does not exist');
    for (const part of [
      'It could not reach it.',
      'Connection refused',
      's3://bucket/backups/r-1.json',
      'Bring the source back',
    ])
      expect(message.text).toContain(part);
    const running = { ...failed, result: 'running' } as const;
    const longest = composeAlarm('x'.repeat(128), 'x', recovery([deleted, running]), ports);
    expect(longest.subject).toMatch(/RECREATED, AND DOES NOT RUN$/);
  });

  it('has a subject of at most 100 printable characters, whatever the name', () => {
    const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 128 });
    fc.assert(
      fc.property(names, fc.constantFrom(...rows), (connector, row) => {
        const { subject } = composeOutcome(
          { ...policy(), connector },
          row.outcome,
          row.journal ?? journal(),
          at(0),
          ports,
        );
        expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
      }),
    );
    const longest = 'x'.repeat(128);
    for (const { outcome } of rows)
      expect(composeOutcome({ ...policy(), connector: longest }, outcome, journal(), at(0), ports).subject).toMatch(
        /^[\x20-\x7e]{1,100}$/,
      );
    expect(composeAlarm(longest, 'x', recovery([deleted], { trigger: alarm }), ports).subject).toMatch(/NOT BACK YET$/);
  });
});

describe('no secret of a configuration leaves the journal and the backup', () => {
  const marks = fc.stringMatching(/^[a-z0-9]{12,20}$/).map((mark) => `s3cret-${mark}`);
  const stories = ['recovered', 'drift', 'invalid', 'create refused', 'gave up', 'captured'] as const;
  it('neither in a message nor in a note nor in a reason', async () => {
    await fc.assert(
      fc.asyncProperty(marks, marks, fc.constantFrom(...stories), async (secret, savedSecret, story) => {
        const world = new World(story === 'captured' ? 'flowing' : 'dead');
        world.cure = story === 'gave up' ? 'nothing' : 'recreate';
        const configuration = { 'database.password': secret };
        const saved = request(story === 'drift' ? { 'database.password': savedSecret } : configuration);
        if (world.connector !== undefined) world.connector.request = request(configuration);
        const place = 's3://bucket/key';
        const broken = parseCreateRequest(
          JSON.stringify({ ...saved, connectorConfiguration: `password=${savedSecret}` }),
          'orders-cdc',
        );
        world.saved =
          story === 'captured'
            ? { kind: 'missing', place }
            : story === 'invalid' && broken.kind === 'invalid'
              ? { ...broken, place }
              : { kind: 'valid', request: saved, place };
        if (story === 'create refused')
          world.createRefused = (nowMs) =>
            nowMs < Date.UTC(2026, 0, 5, 12, 20)
              ? { kind: 'refused', code: 'ForbiddenException', reason: 'x' }
              : undefined;
        if (story === 'recovered')
          world.fault = (call, count) => {
            if (call === 'delete' && count < 30) throw new Crash();
          };
        const allowed = policy({ remedies: ['recreate'] });
        await world.invoke(alarm, allowed).catch(() => undefined);
        await world.sweepFor(allowed, 60);
        const said = JSON.stringify([world.told, world.notes]);
        expect(said.length).toBeGreaterThan(50);
        expect(said).not.toContain(secret);
        expect(said).not.toContain(savedSecret);
        const history = JSON.stringify(world.journal?.history);
        expect(history).not.toContain(secret);
      }),
      { numRuns: 60 },
    );
  });
});
