import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonOf } from '../../cli/check/json.ts';
import { tableOf } from '../../cli/check/table.ts';
import { differences } from '../../lambda/differences.ts';
import { jsonRecorder } from '../../tell/jsonRecorder.ts';
import { summarizeCheck } from '../../lambda/summary.ts';
import type { CreateRequest } from '../../recovery/connector.ts';
import { drift } from '../../recovery/drift.ts';
import { composeNews } from '../../recovery/readiness/composeNews.ts';
import { judgeDeployed } from '../../recovery/readiness/gathered.ts';
import { newsOf, recordOf, toldOf } from '../../recovery/readiness/record.ts';
import { known } from '../../recovery/readiness/subject.ts';
import type { Subject } from '../../recovery/readiness/subject.ts';
import { onMsk, subjectOf } from '../recovery/readiness/subjects.ts';

const now = '2026-11-21T06:00:00.000Z';

/** Keys with a secret as their whole value, those of plugins that nobody here has seen among them. */
const keys = [
  'database.password',
  'database.pwd',
  'ssl.keystore.passphrase',
  'ssl.keystore.key',
  'http.headers.authorization',
  'value.converter.basic.auth.user.info',
  'aws.secret.access.key',
  'parrot.cookie',
  'x',
];

/** Ways in which a secret stands within a value, under a key that is known to be harmless, or not known at all. */
const within: readonly (readonly [key: string, of: (secret: string) => string])[] = [
  ['connection.url', (secret) => `jdbc:sqlserver://h;user=cdc;pwd=${secret}`],
  ['connection.url', (secret) => `jdbc:oracle:thin:scott/${secret}@//h:1521/shop`],
  ['redis.url', (secret) => `redis://:${secret}@cache.example:6379`],
  ['http.headers', (secret) => `Accept: */*, Authorization: Bearer ${secret}`],
  ['schema.history.internal.producer.sasl.jaas.config', (secret) => `x required password="${secret}";`],
  ['database.connectionTimeZone', (secret) => `password=${secret}`],
  ['snapshot.mode', (secret) => `redis://:${secret}@h`],
  ['topic.prefix', (secret) => `shop?password=${secret}`],
  ['table.include.list', (secret) => `mongodb://cdc:${secret}@h`],
];

const planted = fc.oneof(
  fc.constantFrom(...keys).map((key) => [key, (secret: string) => secret] as const),
  fc.constantFrom(...within),
);

test('no secret of the saved config or of the live connector gets out of a check', () => {
  fc.assert(
    fc.property(
      fc.array(planted, { minLength: 1, maxLength: 4 }),
      fc.stringMatching(/^zq[0-9a-f]{14}$/),
      fc.stringMatching(/^yv[0-9a-f]{14}$/),
      (places, ofSaved, ofLive) => {
        const set = (secret: string) => Object.fromEntries(places.map(([key, of]) => [key, of(secret)]));
        const shown = everythingShown(
          subjectOf(onMsk, { set: set(ofSaved) }).request,
          subjectOf(onMsk, { set: set(ofLive), context: { workerProperties: set(ofLive) } }),
        );
        for (const text of shown) {
          expect(text).not.toContain(ofSaved);
          expect(text).not.toContain(ofLive);
        }
      },
    ),
    { numRuns: 300, seed: 5 },
  );
});

test('what changed is shown where it cannot be a secret', () => {
  const live = subjectOf(onMsk, { set: { 'tasks.max': '7', 'parrot.cookie': 'x', 'topic.prefix': 'redis://:pw@h' } });
  const [mail] = everythingShown(subjectOf(onMsk).request, live);
  expect(mail).toContain('connectorConfiguration.tasks.max: saved 1, live 7');
  expect(mail).toContain('connectorConfiguration.parrot.cookie: saved nothing, live (not shown)');
  expect(mail).toMatch(/connectorConfiguration\.topic\.prefix: saved \w+, live \(not shown\)/);
});

/** The mail first, then the record in S3, the function's answer, its log, the table of `npm run check` and its `--json`. */
function everythingShown(saved: CreateRequest | undefined, live: Subject): readonly string[] {
  if (saved === undefined || live.request === undefined) throw new Error('a create request was expected');
  const subject: Subject = {
    ...live,
    deployed: {
      state: 'RUNNING',
      saved: { kind: 'valid', request: saved, place: 's3://b/k' },
      drift: drift(saved, live.request),
      differences: differences(saved, live.request),
      offsets: { kind: 'kept', reason: 'pinned' },
      gonePlugins: known([]),
      goneWorkerConfigurations: known([]),
      mayPassRole: known(true),
    },
  };
  const judged = judgeDeployed([{ kind: 'subject', subject }], {
    now,
    sweepSeenAt: now,
    sweepSeenWithinSeconds: 300,
  });
  expect(judged[0]?.findings.map(({ rule }) => rule)).toContain('saved-drift');
  const record = recordOf(undefined, judged, new Set(), now);
  const { message, shown } = composeNews(newsOf(record), 's3://b/readiness.json');
  const answer = summarizeCheck({ judged, unread: [], told: true });
  const lines: string[] = [];
  const recorder = jsonRecorder({ request: 'q1' }, (line) => lines.push(line));
  recorder.note('check.done', { findings: record.findings });
  recorder.note('answered', { answer });
  return [
    `${message.subject}\n${message.text}`,
    JSON.stringify(toldOf(record, shown, now)),
    JSON.stringify(answer),
    lines.join('\n'),
    tableOf(judged, 120),
    jsonOf(judged),
  ];
}
