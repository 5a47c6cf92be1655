import { composeOutcome } from '../../recovery/compose.ts';
import { composeAlarm } from '../../recovery/composeAlarm.ts';
import type { Member, OpenBreaker } from '../../recovery/breaker.ts';
import { composeBreaker } from '../../recovery/composeBreaker.ts';
import { composeLess } from '../../recovery/composeLess.ts';
import { composeIntervention } from '../../recovery/composeIntervention.ts';
import type { CreateRequest } from '../../recovery/connector.ts';
import { sayHeld, yourName } from '../../recovery/intervention.ts';
import type { Act, Journal, Recovery, RestartAct } from '../../recovery/journal.ts';
import type { Message } from '../../recovery/message.ts';
import type { Outcome } from '../../recovery/outcome.ts';
import type { Policy } from '../../recovery/policy.ts';
import { positionLost } from '../../recovery/positionLost.ts';
import { composeNews } from '../../recovery/readiness/composeNews.ts';
import type { KeptFinding } from '../../recovery/readiness/record.ts';
import type { Verdict } from '../../recovery/verdict.ts';
import { consoleDirections } from '../../lambda/directions.ts';
import { policyDefaults } from '../../settings/defaults.ts';

/** A message that people get, when, and what it asks of them. */
export interface MessageExample {
  readonly heading: string;
  readonly when: string;
  readonly what: string;
  readonly message: Message;
}

const connector = 'orders-cdc';
const noonMs = Date.UTC(2026, 0, 5, 12);
const at = (seconds: number) => new Date(noonMs + seconds * 1000).toISOString();
const arn = `arn:aws:kafkaconnect:eu-west-1:111122223333:connector/${connector}/11111111-aaaa-4bbb-8ccc-000000000001-2`;
const place = `s3://shop-recovery/connectors/${connector}.json`;
const backup = `s3://shop-recovery/backups/${connector}/${at(180)}-0b8e.json`;

const ports = {
  directions: consoleDirections('arn:aws:lambda:eu-west-1:111122223333:function:connector-recovery', []),
};
const policy: Policy = {
  ...policyDefaults,
  connector,
  kind: 'mysql',
  connectVersion: '3.7.x',
  remedies: ['restart', 'recreate'],
};
const request: CreateRequest = { connectorName: connector, kafkaConnectVersion: '3.7.x', connectorConfiguration: {} };

const dead: Verdict = {
  kind: 'dead',
  because:
    'No sign of life, and a proof that there should be one: 2 min 50 s since the last event of the source, whose own heartbeat comes every 48 s.',
  wouldChange: 'A record read, written or committed, or an event from the source.',
  silentSince: at(-170),
  evidence: [
    { source: 'records in', seen: 'no record polled from the source for 3 min', says: 'silent' },
    {
      source: 'event clock',
      seen: '2 min 50 s since the last event of the source, whose own heartbeat comes every 48 s',
      says: 'dead',
    },
    { source: 'Connected', seen: 'Debezium says that it is connected', says: 'nothing' },
  ],
};
const alive: Verdict = {
  kind: 'alive',
  because: 'Records moved 8 s ago.',
  wouldChange: 'Silence for more than 2 min, and a proof that there should have been records.',
  evidence: [{ source: 'offset commits', seen: 'offsets committed 8 s ago', says: 'alive' }],
};
const unknown: Verdict = {
  kind: 'unknown',
  because: 'Nothing that was seen tells whether it is dead or idle.',
  wouldChange:
    'To know next time: let the JMX exporter publish MilliSecondsSinceLastEvent and Connected, or set heartbeat.interval.ms.',
  evidence: [{ source: 'records in', seen: 'no record polled from the source for 14 min', says: 'silent' }],
};
const elsewhere: Verdict = {
  kind: 'elsewhere',
  because:
    'The source cannot be reached: 3 line(s) in the log of attempts to reconnect or of refused connections, the last 40 s ago. A restart would not cure that.',
  wouldChange: 'No attempt to reconnect for 4 min 30 s while it stays silent.',
  silentSince: at(-300),
  evidence: [
    {
      source: 'attempts to reconnect',
      seen: '3 line(s) in the log of attempts to reconnect or of refused connections, the last 40 s ago',
      says: 'out of reach',
    },
  ],
};
const gone = positionLost(
  at(-12),
  at(2),
  [
    {
      source: 'position',
      seen: '24 line(s) in the log that the source no longer has the log from its position on, the last 14 s ago',
      says: 'position lost',
    },
  ],
  at(-300),
);
const idle: Verdict = {
  kind: 'idle',
  because:
    'No records, but it is listening: 4 s since the last event of the source, whose own heartbeat comes every 48 s.',
  wouldChange: 'That it listens no more.',
  evidence: [
    {
      source: 'event clock',
      seen: '4 s since the last event of the source, whose own heartbeat comes every 48 s',
      says: 'listening',
    },
  ],
};

const partial: Verdict = {
  kind: 'partial',
  because: '1 task(s) in error while 2 still run.',
  wouldChange: 'No task in error, or every task.',
  silentSince: at(-120),
  evidence: [{ source: 'tasks in error', seen: '1 task(s) in error', says: 'errored' }],
};

const restarted: RestartAct = {
  kind: 'restart',
  intendedAt: at(1),
  arn,
  onlyFailedTasks: false,
  endedAt: at(61),
  result: 'complete',
};
const deniedRestart = {
  kind: 'restart',
  intendedAt: at(1),
  arn,
  onlyFailedTasks: false,
  endedAt: at(2),
  result: 'refused',
  denied: true,
  reason: 'AccessDeniedException: not authorized to perform: kafkaconnect:RestartConnector',
} as const satisfies Act;
const deleted: Act = {
  kind: 'delete',
  intendedAt: at(180),
  arn,
  version: 'K1',
  recreateFrom: request,
  backup,
  endedAt: at(400),
  result: 'gone',
};
const created: Act = { kind: 'create', intendedAt: at(402), request, endedAt: at(600), result: 'running' };
const refusedCreation: Act = {
  kind: 'create',
  intendedAt: at(690),
  request,
  endedAt: at(691),
  result: 'refused',
  reason: 'ForbiddenException: not authorized to perform: iam:PassRole',
  refusals: { times: 6, since: at(402) },
};

const unreachedCreation = {
  kind: 'create',
  intendedAt: at(402),
  request,
  endedAt: at(1602),
  result: 'failed',
  reason:
    'InvalidInput.InvalidConnectorConfiguration: The connector configuration is invalid. Message: Unable to connect: Communications link failure',
} as const satisfies Act;

const blank: Journal = { schema: 1, connector, history: [] };

function recovery(...acts: Act[]): Recovery {
  const alarm = `connector-recovery/${connector}/event-clock`;
  const trigger = { kind: 'alarm', connector, signal: 'event-clock', alarm, since: at(-1), reason: '' } as const;
  return { id: '0b8e', openedAt: at(0), trigger, verdict: dead, acts };
}

function told(seconds: number, outcome: Outcome, ...acts: Act[]): Message {
  const journal: Journal = {
    ...blank,
    ...(acts.length === 0 ? {} : { recovery: recovery(...acts) }),
  };
  return composeOutcome(policy, outcome, journal, at(seconds), ports);
}

/** Every message that the function sends, as it is written. */
export function messageExamples(): readonly MessageExample[] {
  return [
    {
      heading: 'Back after a restart',
      when: 'a dead connector was restarted, and data was seen flowing again',
      what: 'nothing',
      message: told(
        75,
        { kind: 'recovered', reason: 'Data flows again after the restart.', verdict: alive },
        restarted,
      ),
    },
    {
      heading: 'Back after a recreation',
      when: 'it was deleted and created again from its saved config, and data was seen flowing again',
      what: 'nothing',
      message: told(
        660,
        { kind: 'recovered', reason: 'Data flows again after the recreation.', verdict: alive },
        restarted,
        deleted,
        created,
      ),
    },
    {
      heading: 'Acted, no data seen yet',
      when: 'the act ended, and within `waits.verifySeconds` neither data nor a proof of silence was seen',
      what: 'check that rows arrive; you are told when data is seen. This never leads to a harsher remedy',
      message: told(
        365,
        {
          kind: 'acted-unproved',
          reason: 'No record was seen in the 5 min after the restart.',
          verdict: unknown,
        },
        restarted,
      ),
    },
    {
      heading: 'Some tasks are still in error',
      when: 'the failed tasks of several were restarted, and within `waits.verifySeconds` some are in error again',
      what: 'look at the failed tasks in the worker log; the living ones are never deleted by a machine',
      message: composeOutcome(
        policy,
        { kind: 'acted-unproved', reason: '', verdict: partial },
        { ...blank, recovery: { ...recovery({ ...restarted, onlyFailedTasks: true }), verdict: partial } },
        at(365),
        ports,
      ),
    },
    {
      heading: 'Restarted as planned',
      when: 'the preventive restart was due, or a person asked for one (`as asked`), of a connector without trouble',
      what: 'nothing',
      message: composeOutcome(
        policy,
        { kind: 'recovered', reason: '', verdict: alive },
        {
          ...blank,
          recovery: {
            ...recovery(restarted),
            verdict: alive,
            trigger: { kind: 'schedule', connector, remedy: 'restart' },
          },
        },
        at(75),
        ports,
      ),
    },
    {
      heading: 'Still dead',
      when: 'all that the policy allows was tried',
      what: 'look at the connector, its worker log and its source',
      message: told(
        900,
        {
          kind: 'gave-up',
          reason: 'the recreation did not help, and everything that is allowed has been tried',
          verdict: dead,
        },
        restarted,
        deleted,
        created,
      ),
    },
    {
      heading: 'No remedy could be done',
      when: 'it is dead, and a right is missing or no call was answered: nothing harsher is done instead',
      what: 'mend what the reason names; it is tried again after `limits.cooldownSeconds`',
      message: told(
        20,
        {
          kind: 'gave-up',
          reason: `restart was refused: ${deniedRestart.reason}`,
          verdict: dead,
        },
        deniedRestart,
      ),
    },
    {
      heading: 'Dead, and not touched',
      when: 'it is dead, and something forbids the remedy: no saved config, drift, offsets, the sweep, a limit, the policy, the service',
      what: 'mend what the reason names; the sweep looks again every five minutes',
      message: told(2, {
        kind: 'refused',
        objections: ['drift'],
        reason: `It is not deleted, for the saved config differs from the live one in connectorConfiguration.tasks.max (${place}).`,
        verdict: dead,
      }),
    },
    {
      heading: 'Dead, and held',
      when: 'it is dead, and a person holds it or the whole stack: it is neither restarted nor deleted',
      what: 'run the command that releases it, with your name in it; it is looked at again at once',
      message: told(2, {
        kind: 'refused',
        objections: ['held'],
        reason: `It is not touched, for ${sayHeld({ on: 'stack', at: at(-600), who: 'anna', why: 'migration of the cluster' })}.`,
        lifts: [{ says: 'Release the stack', input: { do: 'release', who: yourName } }],
        verdict: dead,
      }),
    },
    {
      heading: 'Its deletion waits for your approval',
      when: 'it is dead, a restart does not help or cannot be done, and `deletions` says `after-approval`, or only its own past says that it is dead',
      what: 'look at it; if you agree, run the command with your name in it: the approval holds for this connector in this version, for an hour',
      message: told(2, {
        kind: 'refused',
        objections: ['approval'],
        reason: 'It is not deleted, for its owner keeps deletions for people, and nobody has approved it.',
        lifts: [
          {
            says: 'Approve this deletion and the recreation that follows (the approval lasts an hour)',
            input: { connector, do: 'approve', arn, version: 'K1', who: yourName },
          },
        ],
        verdict: dead,
      }),
    },
    {
      heading: 'A person held it, approved its deletion, or released it',
      when: 'somebody else ordered it by the command of a mail or of the stack’s outputs; of the whole stack the subject says `ALL CONNECTORS`',
      what: 'nothing; the command that undoes it is in the mail',
      message: composeIntervention(
        { connector, do: 'hold', who: 'anna', why: 'migration of the cluster' },
        'Held: no restart and no deletion until somebody releases it. What was deleted is created all the same.',
        at(2),
        ports,
      ),
    },
    {
      heading: 'Called off, and deleted',
      when: 'a person called its recovery off after the deletion and before the creation',
      what: 'nothing, or the command in it, which creates it after all',
      message: told(
        720,
        {
          kind: 'called-off',
          reason: `Called off by anna (it is replaced by orders-v2) at ${at(719)}. It is deleted, and is not created again. It stays off until it was seen alive or idle, or a person asks.`,
        },
        restarted,
        deleted,
        refusedCreation,
      ),
    },
    {
      heading: 'Many silent at once',
      when: 'at least three connectors, and half of the stack, are silent at once: one message for all of them; also when three read one database',
      what: 'look at what they share; nothing is deleted until one of them has come back',
      message: composeBreaker(
        open(3, { remedy: 'restart' }),
        { kind: 'next', connector, remedy: 'restart' },
        connector,
        ports,
      ),
    },
    {
      heading: 'Many silent at once, and none can be restarted',
      when: 'the same, where a restart could not tell whether the cause is over, as on Connect 2.7.1: at once, after an hour, then once a day',
      what: 'look at what they share; when it is mended, approve one by the command in it, and the others follow by themselves',
      message: composeBreaker(open(3, { approvable: true }), { kind: 'nobody' }, connector, ports),
    },
    {
      heading: 'Many still silent',
      when: 'three probes were in vain',
      what: 'the cause is not over, or not what it seems: a person is needed; probes go on, one an hour',
      message: composeBreaker(
        open(3, { remedy: 'restart' }, 3),
        { kind: 'resting', until: at(12_600) },
        connector,
        ports,
      ),
    },
    {
      heading: 'Does not exist',
      when: 'a configured connector is not in the account, and it was not we who deleted it',
      what: 'create it, or take it out of `connectors.json`',
      message: told(2, {
        kind: 'refused',
        objections: ['absent'],
        reason: 'The connector does not exist, and it was not this product that deleted it. It is not created unasked.',
        verdict: {
          kind: 'unknown',
          because: 'The connector does not exist.',
          wouldChange: 'That it exists.',
          evidence: [{ source: 'connector state', seen: 'not found', says: 'nothing' }],
        },
      }),
    },
    {
      heading: 'The cause is elsewhere',
      when: 'it is silent, and the log or `Connected` says that its source is out of reach',
      what: 'look at the database, the network or the cluster; the connector needs no help',
      message: told(2, { kind: 'left-alone', reason: elsewhere.because, verdict: elsewhere }),
    },
    {
      heading: 'Its position is gone',
      when: 'its source said that it no longer has the log from the connector’s position on: a purged binlog, WAL that was removed, a slot that held too much',
      what: 'order a new snapshot (operations.md, "When the position is gone"): no restart and no recreation with the kept offsets can help, so nothing is tried',
      message: told(2, { kind: 'left-alone', reason: gone.because, verdict: gone }),
    },
    {
      heading: 'Nobody can tell',
      when: 'it is silent, and nothing proves that it should not be',
      what: 'switch on what the message names; see evidence.md',
      message: told(2, { kind: 'left-alone', reason: unknown.because, verdict: unknown }),
    },
    {
      heading: 'Watched with less',
      when: 'a dead task keeps the names of its metrics, so that what Debezium publishes stays as it left it, and there is no other news to say it beside (else it is a part of that message)',
      what: 'recreate it at an hour that suits you; until then it is judged by what remains',
      message: composeLess(
        connector,
        {
          of: arn,
          since: at(-900),
          lost: ['Connected', 'MilliSecondsSinceLastEvent'],
          remains: ['the rate of records', 'offset commits in the worker log', 'the count of running tasks'],
        },
        alive,
        ports,
      ),
    },
    {
      heading: 'Idle after all',
      when: 'it was in trouble, people were told, and now it is idle and listening',
      what: 'nothing',
      message: told(2, { kind: 'left-alone', reason: idle.because, verdict: idle }),
    },
    {
      heading: 'Alive again',
      when: 'it was in trouble, people were told, and it lives again without our doing',
      what: 'nothing',
      message: told(2, { kind: 'left-alone', reason: alive.because, verdict: alive }),
    },
    {
      heading: 'Taken in hand by somebody',
      when: 'during a recovery somebody paused, updated or deleted it',
      what: 'finish what you began; it is not touched meanwhile',
      message: told(
        120,
        {
          kind: 'left-alone',
          reason: 'Somebody took it in hand during the recovery: it is PAUSED, and not by our doing.',
        },
        restarted,
      ),
    },
    {
      heading: 'Its configuration is saved',
      when: 'people were told before that something is wrong with it, and now it lives and was captured',
      what: 'nothing',
      message: told(2, { kind: 'captured', reason: `Its live configuration is kept in ${place}.`, verdict: alive }),
    },
    {
      heading: 'Deleted and not back yet',
      when: 'we deleted it and it does not exist: at 0, 5, 15 and 60 minutes, then every hour, until it is back',
      what: 'mend what CreateConnector is refused for; the next attempt finds it mended',
      message: composeAlarm(
        connector,
        'It is deleted, and CreateConnector has refused to create it again for 4 min 49 s: ForbiddenException: not authorized to perform: iam:PassRole',
        recovery(restarted, deleted, refusedCreation),
        ports,
      ),
    },
    {
      heading: 'Recreated, and its source is out of reach',
      when: 'what we created again could not reach its source: at 0, 5, 15 and 60 minutes, then every hour, until data flows',
      what: 'bring the source back; the next attempt finds it',
      message: composeAlarm(
        connector,
        `The connector could not reach its source and does not run: its state is FAILED: ${unreachedCreation.reason}. The next attempt comes at ${at(2502)}.`,
        recovery(deleted, unreachedCreation),
        ports,
      ),
    },
    {
      heading: 'A recovery cannot go on',
      when: 'a recovery was begun, and each look at the connector has failed for two minutes: at 0, 5, 15 and 60 minutes, then every hour, until one succeeds',
      what: 'mend what the reason names; the next look finds it mended',
      message: composeAlarm(
        connector,
        'For 2 min 6 s each look at it has failed: DescribeConnector: AccessDeniedException 403: not authorized',
        recovery(restarted),
        ports,
        'blind',
      ),
    },
    {
      heading: 'What the daily check found',
      when: 'the daily check found something new, or something that people knew of is gone: once each, one mail a day at most',
      what: 'the cure that stands with each; nothing was touched',
      message: composeNews({ fresh: foundByCheck, gone: goneSince }, 's3://shop-recovery/readiness.json').message,
    },
  ];
}

const foundByCheck: readonly KeptFinding[] = [
  {
    connector,
    since: at(0),
    rule: 'saved-config',
    severity: 'blocks',
    found: `no saved config at ${place}`,
    leadsTo: 'nothing to create it from again, so it is never deleted',
    cure: `npm run capture -- ${connector}`,
    affects: ['recreation'],
  },
  {
    connector,
    since: at(0),
    rule: 'heartbeats-off',
    severity: 'harms',
    where: 'heartbeat.interval.ms',
    found: 'heartbeat.interval.ms is 0',
    leadsTo: 'an idle night cannot be told from a death',
    cure: 'heartbeat.interval.ms = 10000',
    affects: [],
  },
  {
    connector: 'returns-cdc',
    since: at(0),
    rule: 'binlog-retention',
    severity: 'cannot-tell',
    found: 'cannot tell whether the binlog outlasts an outage: needs binlogRetentionHours',
    leadsTo: 'a position that the database no longer has is lost',
    cure: 'say binlogRetentionHours in connectors.json',
    needs: 'binlogRetentionHours',
    affects: ['restart', 'recreation'],
  },
];
const goneSince: readonly KeptFinding[] = [
  {
    connector: 'stock-cdc',
    since: at(-86_400),
    rule: 'plaintext-secret',
    severity: 'harms',
    where: 'database.password',
    found: 'database.password holds a secret in plain text',
    leadsTo: 'it lies in S3 and in every description of the connector',
    cure: 'a config provider',
    affects: [],
  },
];

/** So many of a stack of five are silent, and each was probed that often in vain. */
function open(silent: number, waits: Omit<NonNullable<Member['stands']>, 'since'>, probesInVain = 0): OpenBreaker {
  const names = [connector, 'returns-cdc', 'stock-cdc'].slice(0, silent);
  return {
    over: 'stack',
    of: 5,
    members: names.map((name, index): Member => ({
      connector: name,
      since: at(-60 + index),
      seenAt: at(0),
      verdict: index === 2 ? 'elsewhere' : 'dead',
      host: `${name.replace('-cdc', '')}-db.example.internal`,
      stands: { since: at(-20), ...waits },
      probes: { times: index < probesInVain ? 1 : 0 },
      underWay: false,
    })),
  };
}

/** The messages for docs/messages.md: a section each, with the mail as it is sent. */
export function messageSections(): string {
  return messageExamples()
    .map(({ heading, when, what, message: { subject, text } }) =>
      [
        `## ${heading}`,
        `When: ${when}.`,
        `What to do: ${what}.`,
        ['```text', `Subject: ${subject}`, '', text.trim(), '```'].join('\n'),
      ].join('\n\n'),
    )
    .join('\n\n');
}
