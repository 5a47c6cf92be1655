import { expect, test } from 'vitest';
import { alarmName, functionSettings } from '../../settings/alarmNames.ts';
import { checkSettings } from '../../settings/read.ts';
import { entry, notify } from './written.ts';

test('an alarm is named after stack, connector and signal', () => {
  expect(alarmName('connector-recovery', 'orders-cdc', 'event-clock')).toBe(
    'connector-recovery/orders-cdc/event-clock',
  );
});

test('the longest names that the settings take stay within the 255 characters of an alarm name', () => {
  expect(alarmName('s'.repeat(100), 'n'.repeat(128), 'stalled-records')).toHaveLength(245);
});

test('the function is told whose each alarm is, so that it guesses nothing', () => {
  const settings = checkSettings(
    {
      stackName: 'shop',
      notify,
      connectors: [
        entry({ name: 'orders', kind: 'sink', metrics: { lag: { clusterName: 'shop', topics: ['orders'] } } }),
        entry({ name: 'orders-2', signals: { 'errored-tasks': false } }),
      ],
    },
    'connectors.json',
  );
  expect(functionSettings(settings)).toEqual({
    schema: 1,
    stackName: 'shop',
    connectors: settings.connectors,
    alarms: {
      'shop/orders/errored-tasks': { connector: 'orders', signal: 'errored-tasks', does: 'look' },
      'shop/orders/running-tasks': { connector: 'orders', signal: 'running-tasks', does: 'look' },
      'shop/orders/stalled-records': { connector: 'orders', signal: 'stalled-records', does: 'look' },
      'shop/orders/lag': { connector: 'orders', signal: 'lag', does: 'notify' },
      'shop/orders-2/running-tasks': { connector: 'orders-2', signal: 'running-tasks', does: 'look' },
    },
  });
});
