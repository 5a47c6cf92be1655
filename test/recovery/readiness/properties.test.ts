import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../../cli/check/json.ts';
import { tableOf } from '../../../cli/check/table.ts';
import { judge } from '../../../recovery/readiness/judge.ts';
import {
  found,
  jdbcSink,
  judged,
  mariadb,
  mysql,
  mysql19,
  onMsk,
  otherSource,
  postgres,
  subjectOf,
} from './subjects.ts';
import type { Sound } from './subjects.ts';

const sounds: readonly Sound[] = [onMsk, mysql, mysql19, mariadb, postgres, jdbcSink, otherSource];

/** Each sound connector, and each with things wrong. */
const spoiled: readonly Sound[] = sounds.flatMap((sound) => [
  sound,
  {
    ...sound,
    configuration: {
      ...sound.configuration,
      'snapshot.mode': 'schema_only',
      'heartbeat.action.query': 'SELECT 1',
      'connect.keep.alive': 'false',
      'database.password': 'example-only',
      'slot.drop.on.stop': 'true',
      'table.whitelist': 'a.b',
    },
    context: { ...sound.context, databaseTimeZone: 'KST', workerProperties: {} },
  },
  { ...sound, context: {} },
]);

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,12}$/);
const anySound = fc.constantFrom(...spoiled);

describe('a check depends on meaning', () => {
  it('the order of keys, of settings and of worker properties changes nothing', () => {
    fc.assert(
      fc.property(anySound, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (sound, weights) => {
        const shuffled = {
          ...sound,
          configuration: shuffle(sound.configuration, weights),
          context: {
            ...sound.context,
            ...(sound.context.workerProperties && {
              workerProperties: shuffle(sound.context.workerProperties, weights),
            }),
          },
        };
        expect(judged(shuffled)).toEqual(judged(sound));
      }),
      { numRuns: 300 },
    );
  });

  it('the names of connector, hosts, users, tables and topics change nothing', () => {
    fc.assert(
      fc.property(anySound, word, word, word, word, (sound, connector, host, thing, topic) => {
        const set = Object.fromEntries(
          Object.entries(sound.configuration).map(([key, value]) => [key, renamed(key, value, host, thing, topic)]),
        );
        const topics = sound.context.topics?.map((name) => (name === 'ledger.public.entries' ? `${topic}.a.b` : name));
        const context = topics === undefined ? {} : { topics };
        const [one] = judge([subjectOf(sound, { set, context, name: connector })]);
        expect(found(one?.findings ?? [])).toEqual(found(judged(sound).findings));
        expect(one?.ready).toBe(judged(sound).ready);
      }),
      { numRuns: 300 },
    );
  });
});

describe('no secret is repeated', () => {
  const secretKeys = [
    'database.password',
    'connection.password',
    'schema.history.internal.producer.sasl.jaas.config',
    'database.history.consumer.sasl.jaas.config',
    'value.converter.basic.auth.user.info',
    'aws.secret.access.key',
    'connection.url',
    'api.token',
    'heartbeat.action.query',
  ];

  it('whatever is planted in a configuration or in the worker’s properties, neither table nor JSON shows it', () => {
    fc.assert(
      fc.property(
        anySound,
        fc.constantFrom(...secretKeys),
        fc.stringMatching(/^zq[0-9a-f]{14}$/),
        (sound, key, secret) => {
          const written: Readonly<Record<string, string>> = {
            'connection.url': `jdbc:mysql://db/?password=${secret}`,
            'heartbeat.action.query': `SELECT '${secret}'`,
          };
          const value =
            written[key] ?? (key.endsWith('jaas.config') ? `ScramLoginModule required password="${secret}";` : secret);
          const subject = subjectOf(sound, {
            set: { [key]: value },
            context: {
              workerProperties: { ...sound.context.workerProperties, 'sasl.jaas.config': `x password="${secret}"` },
            },
          });
          const shown = judge([subject]);
          expect(tableOf(shown, 100)).not.toContain(secret);
          expect(jsonOf(shown)).not.toContain(secret);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('the table for people', () => {
  it('keeps to 80 to 120 columns and passes no control character on, whatever it says', () => {
    fc.assert(
      fc.property(
        anySound,
        fc.integer({ min: 1, max: 300 }),
        fc.string({ unit: 'binary', maxLength: 300 }),
        (sound, columns, text) => {
          const shown = judge([
            subjectOf(sound, { set: { 'snapshot.mode': text, 'plugin.name': text }, name: 'a\u001b[31mb' }),
          ]);
          const table = tableOf(shown, columns);
          const widest = Math.max(...table.split('\n').map((line) => line.length));
          expect(widest).toBeLessThanOrEqual(Math.min(120, Math.max(80, columns)));
          expect(table.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function shuffle(values: Readonly<Record<string, string>>, weights: readonly number[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .map((entry, index) => ({ entry, weight: weights[index % weights.length] ?? 0 }))
      .toSorted((a, b) => a.weight - b.weight)
      .map(({ entry }) => entry),
  );
}

/** Another name of the same kind, ports kept: they are meaning. */
function renamed(key: string, value: string, host: string, thing: string, topic: string): string {
  if (key.endsWith('hostname')) return `${host}.example.org`;
  if (key.endsWith('bootstrap.servers')) return value.replaceAll('b-1.example', host);
  if (key === 'database.user' || key === 'connection.username') return thing;
  if (key === 'topic.prefix' || key === 'database.server.name' || key.endsWith('kafka.topic')) return thing;
  // Not the same as the list of the other name: what both say alike is less bad.
  if (key.endsWith('whitelist')) return `${topic}.only`;
  if (/\.(?:include|exclude)\.list$|database\.dbname/.test(key)) return `${thing}.${topic}`;
  if (key === 'topics') return `${topic}.a.b`;
  if (key === 'connection.url') return `jdbc:postgresql://${host}/${thing}`;
  return value;
}
