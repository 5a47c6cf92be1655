import { valueOf } from './configuration.ts';
import type { Debezium } from './family.ts';
import type { Subject } from './subject.ts';
import { atLeast } from './version.ts';

/** Debezium 2.0 gave most names another form: https://debezium.io/blog/2022/10/17/debezium-2-0-final-released/ */
export const renamedIn = [2, 0];

/** The beginning that this release reads; of an unknown release the one that is written, the present form where both or none are. */
export function historyPrefix(subject: Subject, debezium: Debezium): 'schema.history.internal' | 'database.history' {
  if (debezium.version !== undefined) {
    return atLeast(debezium.version, renamedIn) ? 'schema.history.internal' : 'database.history';
  }
  const keys = Object.keys(subject.configuration);
  const written = (prefix: string) => keys.some((key) => key === prefix || key.startsWith(`${prefix}.`));
  return written('database.history') && !written('schema.history.internal')
    ? 'database.history'
    : 'schema.history.internal';
}

/** Whether its schema history lies in a Kafka topic, which is the default; files, Redis and others have classes of their own. */
export function keepsHistoryInKafka(subject: Subject, debezium: Debezium): boolean {
  if (!debezium.traits.history) return false;
  const storage = valueOf(subject.configuration, historyPrefix(subject, debezium));
  return storage === undefined || /\.Kafka(?:Schema|Database)History$/.test(storage);
}

/** The name that this release reads the prefix of its topics from, and its value. */
export function topicPrefix(
  subject: Subject,
  debezium: Debezium,
): { readonly key: string; readonly value: string | undefined } {
  const old = debezium.family === 'mongodb' ? 'mongodb.name' : 'database.server.name';
  const of = (key: string) => ({ key, value: valueOf(subject.configuration, key) });
  if (debezium.version !== undefined) return of(atLeast(debezium.version, renamedIn) ? 'topic.prefix' : old);
  return of('topic.prefix').value === undefined && of(old).value !== undefined ? of(old) : of('topic.prefix');
}
