import { readFileSync } from 'node:fs';
import { between } from './between.ts';
import { messageSections } from './messages.ts';
import { optionTables } from './options.ts';
import { permissionTable } from './permissionTable.ts';
import { readinessContext, readinessOverview, readinessRules } from './readiness.ts';
import { signalTable } from './signals.ts';
import { watchdogOptionTable } from './watchdogOptions.ts';

/** A page of docs/ whose generated parts are brought up to date. */
export interface Page {
  /** Such as `permissions.md`. */
  readonly name: string;
  readonly place: URL;
  readonly is: string;
  readonly shouldBe: string;
}

/** The pages that say what the code says, so that the two cannot part: tables of options, alarms and permissions, and the messages. */
export function pages(): readonly Page[] {
  return [
    page('configuration.md', { ...optionTables(), signals: signalTable() }),
    page('permissions.md', { permissions: permissionTable() }),
    page('messages.md', { messages: messageSections() }),
    page('watchdog.md', { 'watchdog options': watchdogOptionTable() }),
    page('readiness.md', {
      'readiness-context': readinessContext(),
      'readiness-overview': readinessOverview(),
      'readiness-rules': readinessRules(),
    }),
  ];
}

function page(name: string, parts: Readonly<Record<string, string>>): Page {
  const place = new URL(`../../docs/${name}`, import.meta.url);
  const is = readFileSync(place, 'utf8');
  const shouldBe = Object.entries(parts).reduce((text, [part, markdown]) => between(text, part, markdown), is);
  return { name, place, is, shouldBe };
}
