import { describe, expect, it } from 'vitest';
import { obey } from '../../recovery/obey.ts';
import type { Obeyed } from '../../recovery/obey.ts';
import { PortError } from '../../recovery/ports.ts';
import { alarm, name, policy, request } from './examples.ts';
import { World } from './world.ts';
import type { Life } from './world.ts';

const place = 's3://bucket/connectors/orders-cdc.json';

/** Somebody changed the running connector, and its saved config says what it was before. */
function drifted(life: Life = 'flowing'): World {
  const world = new World(life);
  const live = request({ 'topic.prefix': 'store' });
  if (world.connector !== undefined) world.connector = { ...world.connector, request: live };
  world.saved = {
    kind: 'valid',
    place,
    request: request({ 'topic.prefix': 'geheim' }),
  };
  return world;
}

function accept(world: World, changes: Partial<Parameters<typeof policy>[0]> = {}): Promise<Obeyed> {
  const until = new Date(world.nowMs + 600_000).toISOString();
  const command = { connector: name, do: 'accept', who: 'anna', why: 'new prefix' } as const;
  return obey(command, policy(changes), world.ports, { until, holder: 'person' });
}

const prefix = ({ saved }: World) =>
  saved.kind === 'valid' ? saved.request.connectorConfiguration['topic.prefix'] : saved.kind;

describe('a live configuration is accepted', () => {
  it.each<Life>(['flowing', 'idle'])(
    'of a connector that is %s: it is the saved config now, journalled and told once',
    async (life) => {
      const world = drifted(life);
      const { done } = await accept(world);
      expect(done).toBe(
        `The live configuration is the saved config now: ${place}. It differs in connectorConfiguration.topic.prefix. The one before stays as version v1.`,
      );
      expect(prefix(world)).toBe('store');
      expect(world.journal?.interventions).toEqual([
        { did: 'accept', at: world.now(), who: 'anna', why: 'new prefix', config: 'config-1' },
      ]);
      expect(world.subjects()).toEqual(['its live configuration was accepted by anna']);
      expect(world.told[0]?.message.text).toContain('version v1');
      expect(world.told[0]?.message.text).not.toContain('geheim');
      expect(world.accepted).toEqual([]);
    },
  );

  it('again: it says the same already, and nobody hears anything', async () => {
    const world = drifted();
    await accept(world);
    expect((await accept(world)).done).toBe(`The saved config says the same already (${place}).`);
    expect(world.subjects()).toHaveLength(1);
    expect(world.journal?.interventions).toHaveLength(1);
  });

  it.each(['unavailable', 'denied'] as const)(
    'and its journal is %s: the answer says what is stored, and the same order again is journalled and told',
    async (code) => {
      const world = drifted();
      world.fault = (call, _count, when) => {
        if (call === 'writeJournal' && when === 'before') throw new PortError(code, 'S3 says no');
      };
      const answer = accept(world);
      await expect(answer).rejects.toThrow(
        'it is not written who accepted, and nobody else was told; order it again. The live configuration is the saved config now: s3://bucket/connectors/orders-cdc.json. It differs in',
      );
      await expect(answer).rejects.not.toThrow('nothing was ordered');
      expect(prefix(world)).toBe('store');
      world.fault = () => {};
      const again = await accept(world);
      expect(again.done).toBe(`The saved config says the same already (${place}).`);
      expect(world.journal?.interventions).toMatchObject([{ did: 'accept', who: 'anna' }]);
      expect(world.subjects()).toEqual(['its live configuration was accepted by anna']);
      await accept(world);
      expect(world.subjects()).toHaveLength(1);
    },
  );

  it('where there was none, and where what is there was no create request', async () => {
    const missing = drifted();
    missing.saved = { kind: 'missing', place };
    expect((await accept(missing)).done).toBe(`The live configuration is the saved config now: ${place}.`);
    const broken = drifted();
    broken.saved = { kind: 'invalid', place, faults: ['plugins: expected Array, found nothing.'] };
    expect((await accept(broken)).done).toBe(
      `The live configuration is the saved config now: ${place}. The one before stays as version v1.`,
    );
  });
});

describe('nothing is accepted', () => {
  const refused: readonly (readonly [string, (world: World) => void, string])[] = [
    ['of a connector that is dead', (world) => world.live('dead'), 'it was not seen to be healthy'],
    ['of one that somebody deleted', (world) => world.personDeletes(), 'the connector does not exist'],
    [
      'of one that is paused',
      (world) => {
        if (world.connector !== undefined) world.connector.state = 'PAUSED';
      },
      'it is PAUSED, and only what runs well is kept',
    ],
    [
      'while a recovery is under way',
      (world) => {
        const verdict = { kind: 'dead', because: 'silent', wouldChange: 'a record', evidence: [] } as const;
        const recovery = { id: 'r1', openedAt: world.now(), trigger: alarm, verdict, acts: [] };
        world.journal = { schema: 1, connector: name, history: [], recovery };
      },
      'a recovery is under way',
    ],
    ['where its journal is broken', (world) => void (world.broken = true), 'its journal cannot be understood'],
  ];

  it.each(refused)('%s', async (_, happens, why) => {
    const world = drifted();
    happens(world);
    world.pass(600);
    const before = [world.subjects().length, world.saved];
    const { done } = await accept(world);
    expect(done).toContain(`Nothing is accepted: ${why}`);
    expect([world.subjects().length, world.saved]).toEqual(before);
    expect(world.journal?.interventions).toBeUndefined();
  });
});
