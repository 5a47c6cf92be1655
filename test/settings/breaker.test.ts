import { expect, test } from 'vitest';
import { checkSettings, SettingsError } from '../../settings/read.ts';
import type { ConnectorsFile } from '../../settings/schema.ts';
import { entry, notify } from './written.ts';

function breakers(count: number, breaker?: ConnectorsFile['breaker']) {
  const connectors = Array.from({ length: count }, (_, index) => entry({ name: `orders-${index}` }));
  const file = { notify, connectors, ...(breaker && { breaker }) };
  return checkSettings(file, 'connectors.json').connectors.map(({ policy }) => policy.breaker);
}

const usual = { atLeast: 3, share: 0.5, probe: 'restart' };

test.each<[number, ConnectorsFile['breaker'], object | undefined]>([
  [1, undefined, undefined],
  [2, undefined, undefined],
  [3, undefined, usual],
  [2, { atLeast: 2 }, { ...usual, atLeast: 2 }],
  [4, { atLeast: 5 }, undefined],
  [4, { share: 0.25, probe: 'recreate' }, { ...usual, share: 0.25, probe: 'recreate' }],
])('%i connectors with a breaker %j', (count, written, breaker) => {
  expect(breakers(count, written)).toEqual(Array.from({ length: count }, () => breaker));
});

test.each<[object, string]>([
  [{ atLeast: 1 }, 'breaker.atLeast'],
  [{ atLeast: 2.5 }, 'breaker.atLeast'],
  [{ share: 1.1 }, 'breaker.share'],
  [{ share: -0.1 }, 'breaker.share'],
  [{ probe: 'delete' }, 'breaker.probe'],
  [{ probes: 'restart' }, 'probes'],
])('%j is a fault of %s', (written, place) => {
  let faults = '';
  try {
    breakers(3, written);
  } catch (error) {
    faults = error instanceof SettingsError ? error.message : '';
  }
  expect(faults).toContain(place);
});
