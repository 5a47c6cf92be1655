import { describe, expect, it } from 'vitest';
import { judge } from '../../../recovery/readiness/judge.ts';
import { known, unknown } from '../../../recovery/readiness/subject.ts';
import type { Deployed, Subject } from '../../../recovery/readiness/subject.ts';
import { found, jdbcSink, mysql, onMsk, postgres, subjectOf } from './subjects.ts';

const runs: Deployed = {
  state: 'RUNNING',
  saved: {
    kind: 'valid',
    request: subjectOf(onMsk).request ?? { connectorName: '', kafkaConnectVersion: '', connectorConfiguration: {} },
    place: 's3://b/connectors/one.json',
  },
  drift: [],
  offsets: { kind: 'kept', reason: 'both pin the offsets topic' },
  gonePlugins: known([]),
  goneWorkerConfigurations: known([]),
  mayPassRole: known(true),
};

const deployed = (subject: Subject, more: Partial<Deployed> = {}): Subject => ({
  ...subject,
  deployed: { ...runs, ...more },
});

const ofOthers = (...subjects: readonly Subject[]) => judge(subjects).map(({ findings }) => found(findings));

describe('connectors beside one another', () => {
  const other = {
    'topic.prefix': 'billing',
    'database.server.id': '6401',
    'schema.history.internal.kafka.topic': 'schema.billing',
  };

  it('each with what is its own: nothing', () => {
    expect(
      ofOthers(deployed(subjectOf(mysql, { name: 'a' })), deployed(subjectOf(mysql, { name: 'b', set: other }))),
    ).toEqual([[], []]);
  });

  it.each([
    ['topic.prefix', mysql, 'improve'],
    ['database.server.id', mysql, 'harms'],
    ['schema.history.internal.kafka.topic', mysql, 'improve'],
  ] as const)('that share %s', (key, sound, ofFiles) => {
    const set = { ...other, [key]: sound.configuration[key] };
    const [a, b] = [subjectOf(sound, { name: 'a' }), subjectOf(sound, { name: 'b', set })];
    expect(ofOthers(deployed(a), deployed(b))).toEqual([['shared-identity harms'], ['shared-identity harms']]);
    // Of files nobody says that both write to one cluster; that they read one database they say themselves.
    expect(ofOthers(a, b)).toEqual([[`shared-identity ${ofFiles}`], [`shared-identity ${ofFiles}`]]);
  });

  it('one server id on two databases is no matter', () => {
    const set = { ...other, 'database.server.id': '6400', 'database.hostname': 'db2.example.internal' };
    expect(ofOthers(deployed(subjectOf(mysql, { name: 'a' })), deployed(subjectOf(mysql, { name: 'b', set })))).toEqual(
      [[], []],
    );
  });

  it('of two files for two platforms, which may be one that moves, it is only said', () => {
    const moved = subjectOf(mysql, { name: 'b', set: { ...other, 'database.server.id': '6400' } });
    const [, ofMoved] = ofOthers(subjectOf(onMsk, { name: 'a' }), moved);
    expect(ofMoved).toEqual(['shared-identity improve']);
  });

  it('PostgreSQL’s slot by its default name in two files', () => {
    const set = { 'topic.prefix': 'billing', 'database.dbname': 'billing' };
    expect(ofOthers(subjectOf(postgres, { name: 'a' }), subjectOf(postgres, { name: 'b', set }))).toEqual([
      ['shared-identity harms'],
      ['shared-identity harms'],
    ]);
  });

  it('PostgreSQL’s slot by its default name', () => {
    const set = { 'topic.prefix': 'billing', 'database.dbname': 'billing' };
    expect(
      ofOthers(deployed(subjectOf(postgres, { name: 'a' })), deployed(subjectOf(postgres, { name: 'b', set }))),
    ).toEqual([['shared-identity harms'], ['shared-identity harms']]);
  });

  it('two states of one connector share everything, and that is right', () => {
    expect(ofOthers(subjectOf(onMsk, { name: 'a' }), subjectOf(onMsk, { name: 'a' }))).toEqual([[], []]);
  });

  it('an offsets topic that two name', () => {
    const [a, b] = [subjectOf(onMsk, { name: 'a' }), subjectOf(onMsk, { name: 'b', set: other })];
    expect(ofOthers(a, b)).toEqual([['shared-offsets-topic improve'], ['shared-offsets-topic improve']]);
  });

  it('the offsets topic of a sink is not read', () => {
    const sink = { ...jdbcSink, platform: 'msk-connect', context: { ...jdbcSink.context, ...onMsk.context } } as const;
    const [, ofSink] = ofOthers(subjectOf(onMsk, { name: 'a' }), subjectOf(sink, { name: 'b' }));
    expect(ofSink?.some((line) => line.startsWith('shared-offsets-topic'))).toBe(false);
  });
});

describe('a connector that is deployed', () => {
  const rows: readonly { what: string; more: Partial<Deployed>; found: readonly string[]; recreation: string }[] = [
    { what: 'as it should be', more: {}, found: [], recreation: 'yes' },
    {
      what: 'no saved config',
      more: { saved: { kind: 'missing', place: 's3://b/k' } },
      found: ['saved-config blocks'],
      recreation: 'no',
    },
    {
      what: 'a broken saved config',
      more: { saved: { kind: 'invalid', faults: ['capacity: expected Object, found undefined.'], place: 's3://b/k' } },
      found: ['saved-config blocks'],
      recreation: 'no',
    },
    {
      what: 'a saved config that cannot be read',
      more: { saved: { kind: 'unreadable', reason: 'AccessDenied', place: 's3://b/k' } },
      found: ['saved-config cannot-tell: to read it (AccessDenied)'],
      recreation: 'cannot-tell',
    },
    {
      what: 'a saved config that differs',
      more: { drift: ['connectorConfiguration.tasks.max'] },
      found: ['saved-drift blocks'],
      recreation: 'no',
    },
    {
      what: 'a saved config that differs, and a policy that goes back to it',
      more: { drift: ['connectorConfiguration.tasks.max'], onDrift: 'recreate-from-saved' },
      found: ['saved-drift harms'],
      recreation: 'at-a-price',
    },
    {
      what: 'a plugin that is gone',
      more: { gonePlugins: known(['arn:… revision 1 is gone']) },
      found: ['gone-revision blocks'],
      recreation: 'no',
    },
    {
      what: 'a worker configuration that may not be looked at',
      more: { goneWorkerConfigurations: unknown('kafkaconnect:DescribeWorkerConfiguration') },
      found: ['gone-revision cannot-tell: kafkaconnect:DescribeWorkerConfiguration'],
      recreation: 'cannot-tell',
    },
    {
      what: 'a role that may not be passed',
      more: { mayPassRole: known(false) },
      found: ['pass-role blocks'],
      recreation: 'no',
    },
    {
      what: 'offsets that would be lost',
      more: { offsets: { kind: 'lost', reason: 'no worker configuration pins offset.storage.topic' } },
      found: ['pinned-offsets harms', 'snapshot-mode harms'],
      recreation: 'at-a-price',
    },
  ];

  it('whose default topic the policy pins before a deletion keeps its place, and is told so', () => {
    const unpinned = { kind: 'lost', reason: 'no worker configuration pins it', unpinned: true } as const;
    const ofPolicy = (more: Partial<Deployed>) => {
      const [judgement] = judge([deployed(subjectOf(onMsk, { name: 'one' }), more)]);
      return [judgement?.ready, judgement?.recreation.kind, found(judgement?.findings ?? [])];
    };
    expect(ofPolicy({ offsets: unpinned, pinsDefaultTopic: true })).toEqual([true, 'yes', ['pinned-offsets improve']]);
    const byOurs = { kind: 'unknown', reason: 'the request pins the default topic', pinsDefault: true } as const;
    expect(ofPolicy({ offsets: byOurs, pinsDefaultTopic: true })).toEqual([true, 'yes', ['pinned-offsets improve']]);
    // What the policy does not pin stays lost.
    const lost = ['pinned-offsets harms', 'snapshot-mode harms'];
    expect(ofPolicy({ offsets: unpinned, pinsDefaultTopic: false })).toEqual([false, 'at-a-price', lost]);
    const elsewhere = { kind: 'lost', reason: 'offset.storage.topic differs' } as const;
    expect(ofPolicy({ offsets: elsewhere, pinsDefaultTopic: true })).toEqual([false, 'at-a-price', lost]);
  });

  it.each(rows)('$what', ({ more, found: expected, recreation }) => {
    const [judgement] = judge([deployed(subjectOf(onMsk, { name: 'one' }), more)]);
    expect(found(judgement?.findings ?? [])).toEqual(expected);
    expect(judgement?.recreation.kind).toBe(recreation);
    expect(judgement?.restart.kind).toBe('yes');
  });

  it('is told how to accept what runs', () => {
    const [judgement] = judge([
      deployed(subjectOf(onMsk), {
        drift: ['connectorConfiguration.tasks.max'],
        differences: [{ field: 'connectorConfiguration.tasks.max', kept: '1', live: '2' }],
        acceptCommand: 'npm run capture -- one --overwrite',
      }),
    ]);
    expect(judgement?.findings[0]).toMatchObject({
      found: 'the saved config differs from the live connector: connectorConfiguration.tasks.max: saved 1, live 2',
      cure: 'accept the live one: npm run capture -- one --overwrite',
    });
  });
});
