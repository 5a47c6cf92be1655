import { describe, expect, it } from 'vitest';
import { ask, changed, iso, lawfulRecreation, request, verdictOn, without } from './records.ts';

const rule = '1: nothing is deleted without a config to recreate it from and a backup';

describe('rule 1: a deletion has a backup and a journal before it', () => {
  it('is kept by a recreation that stores both first', () => {
    expect(verdictOn({ calls: lawfulRecreation() })).toEqual([]);
  });

  it.each([
    ['no backup was stored', without(lawfulRecreation(), 'backup')],
    ['the backup came after the deletion', changed(lawfulRecreation(), 'backup', { at: 306 })],
    ['the backup could not be stored', changed(lawfulRecreation(), 'backup', { carriedOut: false })],
    ['the backup is of another version', changed(lawfulRecreation(), 'backup', ask.backup(302, { version: 'V0' }))],
    [
      'the backup is of another connector',
      changed(lawfulRecreation(), 'backup', ask.backup(302, { arn: 'arn:other' })),
    ],
    [
      'the backup was closed already',
      changed(lawfulRecreation(), 'backup', ask.backup(302, { closed: { at: iso(302), why: 'over' } })),
    ],
    [
      'what it would be recreated from has no plugin',
      changed(lawfulRecreation(), 'backup', ask.backup(302, { recreateFrom: request({ plugins: [] }) })),
    ],
    ['the journal names no deletion', without(lawfulRecreation(), 'journal delete')],
    [
      'the journal belongs to another recovery',
      changed(lawfulRecreation(), 'backup', ask.backup(302, { recoveryId: 'r-2' })),
    ],
    [
      'the saved config holds something else',
      changed(
        lawfulRecreation(),
        'get connectors/orders-cdc.json',
        ask.get(300, 'connectors/orders-cdc.json', request({ kafkaConnectVersion: '2.7.1' })),
      ),
    ],
    ['the saved config was not read', without(lawfulRecreation(), 'get connectors/orders-cdc.json')],
  ])('is broken where %s', (_what, calls) => {
    expect(verdictOn({ calls })).toContain(rule);
  });
});
