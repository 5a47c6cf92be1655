import { expect, it } from 'vitest';
import { watchdogDirections } from '../../watchdog/directions.ts';

const sidecar = 'http://127.0.0.1:8083';

it.each([
  ['the first worker', { urls: ['http://one:8083', 'http://two:8083'] }, ['http://one:8083/connectors/a%20b/status']],
  ['a worker that others reach', { urls: [sidecar, 'http://two:8083'] }, ['http://two:8083/connectors/a%20b/status']],
  ['nothing, of a sidecar', { urls: [sidecar] }, []],
  ['nothing, of this host by name', { urls: ['https://localhost:8083', 'http://[::1]:8083'] }, []],
  [
    'what the settings name',
    { urls: [sidecar], link: 'https://connect.example' },
    ['https://connect.example/connectors/a%20b/status'],
  ],
  [
    'a page of a user interface',
    { urls: [sidecar], link: 'https://ui.example/clusters/shop/{connector}/tasks' },
    ['https://ui.example/clusters/shop/a%20b/tasks'],
  ],
])('people are shown %s', (_what, cluster, places) => {
  const directions = watchdogDirections([{ name: 'shop', ...cluster }], 'node watchdog.mjs', 'watchdog.json');
  expect(directions.links('shop/a b', undefined)).toEqual(places.map((place) => `Connector: ${place}`));
});
