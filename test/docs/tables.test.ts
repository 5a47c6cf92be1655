import { describe, expect, it } from 'vitest';
import { between, table } from '../../cli/documents/between.ts';
import { messageExamples } from '../../cli/documents/messages.ts';
import type { MessageExample } from '../../cli/documents/messages.ts';
import { permissions } from '../../lambda/permissions.ts';
import { allSignals } from '../../settings/signals.ts';
import { read } from './claims.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** The options by a walk of the published schema, not by the generator's own. */
function options(schema: Schema, above: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const place = `${above}${name}`;
    if (place === 'defaults' || place === 'connectors') return [place];
    const inner = /^signals\.[^.]+$/.test(place) ? [] : options(field, `${place}.`);
    return [place, ...inner];
  });
}

const schema = JSON.parse(read('connectors.schema.json')) as Schema;
const connector = schema.properties?.['connectors']?.items ?? {};
const aSignal = connector.properties?.['signals']?.properties?.['lag']?.anyOf?.at(-1) ?? {};
const every = [...options(schema, ''), ...options(connector, ''), ...options(aSignal, 'signals.*.')];

describe('docs/configuration.md', () => {
  const page = read('docs/configuration.md');

  it('is held to a schema that has options', () => {
    expect(every).toEqual(
      expect.arrayContaining(['notify.topic.keyArn', 'waits.healSeconds', 'metrics.lag.topics', 'signals.*.threshold']),
    );
  });

  it.each(every)('has a row for %s', (option) => {
    expect(page).toContain(`\n| \`${option}\` |`);
  });

  it.each([...allSignals])('says what feeds the signal %s', (signal) => {
    expect(page).toContain(`\n| \`${signal}\` | `);
  });

  it.each([
    ['evidence.livelySeconds', 120],
    ['evidence.missedBeats', 3],
    ['waits.healSeconds', 110],
    ['limits.recoveriesPerDay', 3],
    ['limits.cooldownSeconds', 1800],
  ])('gives %s the default %i', (option, value) => {
    expect(page).toMatch(new RegExp(`\\| \`${option.replace('.', '\\.')}\` \\| [^|]+ \\| ${value} \\|`));
  });
});

describe('docs/permissions.md', () => {
  const page = read('docs/permissions.md');
  it.each([...new Set(permissions.flatMap(({ actions }) => actions))])('names %s', (action) => {
    expect(page).toContain(`\`${action}\``);
  });
});

/** What a subject says after whom it is about. */
function news({ message }: MessageExample): string {
  return message.subject.replace(/^\[connector-recovery\] (orders-cdc|3 of 5 connectors|readiness): /, '');
}

describe('docs/messages.md', () => {
  const page = read('docs/messages.md');

  it('shows every headline that a mail can have', () => {
    expect(messageExamples().map(news)).toEqual([
      'back: restarted, and data flows again',
      'back: recreated, and data flows again',
      'restarted, but no data seen yet',
      'restarted, but some tasks are still in error',
      'restarted as planned, and data flows',
      'still dead after all that is allowed: a person is needed',
      'dead, and no remedy could be done: a person is needed',
      'dead, and not touched: see why',
      'dead, and held: not touched',
      'dead; its deletion waits for your approval',
      'held: no restarts, no deletions, by anna',
      'CALLED OFF: it is deleted, and nothing is created again',
      'silent at once: held',
      'silent at once: held',
      'still silent after 3 probes: a person is needed',
      'does not exist, and we did not delete it',
      'silent, but the cause is elsewhere; not touched',
      'its position is gone from the source: a new snapshot is needed',
      'silent, and nobody can tell why; not touched',
      'watched with less, until a planned recreation',
      'idle and listening; nothing to do',
      'alive again without our doing',
      'taken in hand by somebody during the recovery',
      'alive; its configuration is saved now',
      'DELETED AND NOT BACK YET',
      'RECREATED, AND DOES NOT RUN',
      'RECOVERY CANNOT GO ON',
      '3 new findings on 2 connectors, 1 gone',
    ]);
    for (const { message } of messageExamples()) expect(page).toContain(`Subject: ${message.subject}\n`);
  });

  it('leaves the name to fill in in each command that asks for a deed', () => {
    const payloads = messageExamples().flatMap(({ message }) =>
      [...message.text.matchAll(/--payload '([^']*)'/g)].map(([, payload = '']) => JSON.parse(payload) as object),
    );
    expect(payloads.length).toBeGreaterThan(10);
    expect(payloads.filter((payload) => !('dryRun' in payload) && !('who' in payload))).toEqual([]);
  });

  it('every headline is in the table of the README too', () => {
    const readme = read('README.md');
    for (const example of messageExamples()) expect(readme).toContain(`\`${news(example)}\``);
  });
});

describe('between the markers of a page', () => {
  it('only what is generated changes', () => {
    const page = 'before\n<!-- generated: a -->\n\nold\n\n<!-- end: a -->\nafter\n';
    expect(between(page, 'a', 'new\n')).toBe('before\n<!-- generated: a -->\n\nnew\n\n<!-- end: a -->\nafter\n');
  });

  it('a page without them is an error', () => {
    expect(() => between('text', 'a', 'new')).toThrow('<!-- generated: a -->');
  });

  it('a bar in a cell does not end it', () => {
    expect(table(['a', 'b'], [['x|y', 'z']])).toBe('| a | b |\n| --- | --- |\n| x\\|y | z |');
  });
});

describe('docs/watchdog.md', () => {
  const page = read('docs/watchdog.md');
  const all = watchdogPlaces(JSON.parse(read('watchdog.schema.json')) as Schema, '');

  it('is held to a schema that has options', () => {
    expect(all).toEqual(
      expect.arrayContaining([
        'clusters[].workers.replace.command',
        'clusters[].kafka.sasl.mechanism',
        'tell.webhooks[].urlEnv',
        'store.folder',
        'defaults.limits.backOffSeconds',
      ]),
    );
  });

  it.each(all)('has a row for %s', (option) => {
    expect(page).toContain(`\n| \`${option}\` |`);
  });

  it.each([
    ['pollSeconds', '10'],
    ['clusters[].offsetFlushSeconds', '60'],
    ['listen.host', '`127.0.0.1`'],
    ['defaults.waits.healSeconds', '110'],
    ['defaults.limits.backOffSeconds', '`[120,360,720,1200,1800,2520,3360]`'],
  ])('gives %s the default %s', (option, value) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${option}\` |`));
    expect(row?.split(' | ')[2]).toBe(value);
  });
});

/** By a walk of the published schema; what an override says of connectors is said in `defaults`. */
function watchdogPlaces(node: Schema, above: string): string[] {
  const fields = [node, ...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((form) =>
    Object.entries(form.properties ?? {}),
  );
  const places = fields.flatMap(([name, field]) => {
    const place = `${above}${name}`;
    const items = field.items === undefined ? [] : watchdogPlaces(field.items, `${place}[].`);
    return [place, ...watchdogPlaces(field, `${place}.`), ...items];
  });
  return [...new Set(places)].filter(
    (place) => !place.startsWith('overrides[].') || place === 'overrides[].connectors',
  );
}
