import type { Command } from '../../recovery/intervention.ts';
import type { Trigger } from '../../recovery/trigger.ts';
import { isLookedAfter } from '../../settings/watchdogPolicy.ts';
import type { SelfManagedRemedy, WatchdogSettings } from '../../settings/watchdogSettings.ts';
import { readCommand, shownValue } from '../../store/commands.ts';
import type { StackCommand } from '../../store/holds.ts';
import { cleanText } from '../../tell/cleanText.ts';
import { keysOf } from '../../tell/faults.ts';

/** What a person orders of the watchdog, or every fault of it. */
export type OrderRead =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'stack-command'; readonly command: StackCommand }
  | { readonly kind: 'look'; readonly trigger: Extract<Trigger, { kind: 'person' }> }
  | { readonly kind: 'rejected'; readonly faults: readonly string[] };

const remedies: readonly SelfManagedRemedy[] = ['restart-failed-tasks', 'restart', 'stop-and-resume', 'replace-worker'];
const deeds: readonly Command['do'][] = ['call-off', 'hold', 'release'];
const mostName = 80;

/** Reads an order of the command line. Pure; never throws. */
export function readOrder(order: Readonly<Record<string, unknown>>, settings: WatchdogSettings): OrderRead {
  const { connector, do: deed } = order;
  const faults = connector === undefined ? [] : nameFaults(connector, settings);
  if (deed === undefined && (order['remedy'] !== undefined || order['dryRun'] !== undefined))
    return readLook(order, faults);
  if (deed === 'accept' || deed === 'approve')
    return {
      kind: 'rejected',
      faults: [
        ...faults,
        `do: ${shownValue(deed)}; expected call-off, hold or release: nothing is deleted or saved here`,
      ],
    };
  // Its name is judged above, for the settings know patterns and no list.
  const known = typeof connector === 'string' ? [{ name: connector }] : [];
  const read = readCommand(order, { connectors: known, deeds });
  if (read.kind === 'rejected') {
    const own = read.faults
      .filter((one) => faults.length === 0 || !one.startsWith('connector:'))
      .map((one) =>
        deed === undefined && one.startsWith('do:') ? `${one}, or a remedy, or dryRun, in its place` : one,
      );
    return { kind: 'rejected', faults: [...faults, ...own] };
  }
  return faults.length > 0 ? { kind: 'rejected', faults } : read;
}

function readLook(order: Readonly<Record<string, unknown>>, nameFault: readonly string[]): OrderRead {
  const { connector, remedy, dryRun = false, who, ...others } = order;
  const known = remedies.find((one) => one === remedy);
  const name = typeof who === 'string' ? cleanText(who, mostName) : '';
  const unknown = Object.keys(others);
  const faults = [
    ...(connector === undefined ? ['connector: nothing; expected <cluster>/<connector>'] : nameFault),
    ...(remedy !== undefined && known === undefined
      ? [`remedy: ${shownValue(remedy)}; expected ${remedies.slice(0, -1).join(', ')} or replace-worker`]
      : []),
    ...(typeof dryRun === 'boolean' ? [] : [`dryRun: ${shownValue(dryRun)}; expected true or false`]),
    ...(name === '' && dryRun !== true ? [`who: ${shownValue(who)}; expected who you are`] : []),
    ...(unknown.length === 0 ? [] : [`unknown${keysOf(others)}; expected connector, remedy, who, dryRun`]),
  ];
  if (faults.length > 0 || typeof connector !== 'string') return { kind: 'rejected', faults };
  return {
    kind: 'look',
    trigger: {
      kind: 'person',
      connector,
      who: name === '' ? 'somebody' : name,
      dryRun: dryRun === true,
      ...(known === undefined ? {} : { remedy: known }),
    },
  };
}

function nameFaults(connector: unknown, { clusters }: WatchdogSettings): readonly string[] {
  const names = clusters.map(({ name }) => name).join(', ');
  const expected = `expected <cluster>/<connector> of ${names}`;
  if (typeof connector !== 'string') return [`connector: ${shownValue(connector)}; ${expected}`];
  const slash = connector.indexOf('/');
  const cluster = clusters.find(({ name }) => name === connector.slice(0, slash));
  if (slash < 0 || cluster === undefined) return [`connector: ${shownValue(connector)}; ${expected}`];
  return isLookedAfter(connector.slice(slash + 1), cluster)
    ? []
    : [`connector: ${shownValue(connector)} is not looked after; ${expected}, by the patterns of the settings`];
}
