import type { Ending } from './ending.ts';
import type { Expected, Story } from './story.ts';

const minuteMs = 60_000;
/** A minute's rows, at a row a second. */
const manyRows = 60;
/** Under way at any moment. */
const fewRows = 5;
/** An alarm may be late by a pause between two attempts, or by a sweep, but never early. */
const alarmMayBeLateMinutes = 7;

/** Where a story's ending departs from what must be true, in words; empty: it ended as it must. */
export function departures(story: Story, ending: Ending): readonly string[] {
  return [
    ...story.who.flatMap(({ name }) => ofConnector(name, story.atTheEnd[name] ?? {}, ending)),
    ...ofTheProduct(story, ending),
    ...ofReadiness(story, ending),
  ];
}

function ofConnector(name: string, expected: Expected, ending: Ending): string[] {
  const acts = ending.acts.filter(({ of }) => of === name);
  const heard = ending.messages.filter(({ of }) => of === name);
  const connector = ending.connectors[name];
  if (connector === undefined) return [`nothing is known of ${name}`];
  const news = heard.map((one) => one.news);
  const { savedConfig } = connector;
  return [
    ...differs('acts', listed(acts.map(({ act }) => act)), listed(expected.acts ?? [])),
    ...differs(
      'heard',
      listed(expected.heardMayRepeat === true ? [...new Set(news)] : news),
      listed(expected.heard ?? []),
    ),
    ...differs('state', connector.state, expected.state ?? 'RUNNING'),
    ...(expected.lastMessageSays ?? []).flatMap((text) => lacks('the last message', heard.at(-1)?.text ?? '', text)),
    ...(expected.ignored ?? []).flatMap((text) => lacks('what was ignored', ending.ignored.join('\n'), text)),
    ...ofRows(connector.rows, expected.rows ?? {}),
    ...ofTimes(acts, heard, expected, ending),
    ...ofLooks(name, acts, expected, ending),
    ...Object.entries(expected.savedConfigSays ?? {}).flatMap(([property, value]) =>
      differs(`saved ${property}`, savedConfig?.[property] ?? 'nothing', value),
    ),
    ...(expected.savedConfigLacks ?? []).flatMap((property) =>
      differs(`saved ${property}`, savedConfig?.[property] ?? 'nothing', 'nothing'),
    ),
  ].map((words) => `${name}: ${words}`);
}

function ofRows(rows: Ending['connectors'][string]['rows'], expected: NonNullable<Expected['rows']>): string[] {
  const { data = 'flows', duplicated = 'none' } = expected;
  const seen = `rows: ${JSON.stringify(rows)}`;
  const wrong: string[] = [];
  if (data === 'some' ? rows.lost < manyRows : rows.lost > 0) wrong.push(`${seen}; lost: expected ${data}`);
  if (data === 'stands' ? rows.waiting < manyRows : rows.waiting > fewRows)
    wrong.push(`${seen}; expected that data ${data}`);
  if (duplicated !== 'not counted' && (duplicated === 'some') !== rows.duplicated > 0)
    wrong.push(`${seen}; twice: expected ${duplicated}`);
  return wrong;
}

function ofTimes(
  acts: Ending['acts'],
  heard: Ending['messages'],
  expected: Expected,
  { lastEventAtMs, failedAtMs }: Ending,
): string[] {
  const first = acts[0]?.atMs;
  const last = acts.at(-1)?.atMs;
  const told = heard.at(-1)?.atMs;
  return [
    ...late('from the last event to the first act', lastEventAtMs, first, expected.firstActWithinMinutes),
    ...late('from the last event to the last act', lastEventAtMs, last, expected.lastActWithinMinutes),
    ...late('from FAILED to the first act', failedAtMs, first, expected.firstActAfterFailedWithinMinutes),
    ...late('from the last act to the last message', last, told, expected.toldWithinMinutes),
    ...(expected.firstActAt === undefined
      ? []
      : differs('first act at', first === undefined ? 'never' : clockTime(first), expected.firstActAt)),
    ...ofAlarms(heard, expected.alarmedAtMinutes),
  ];
}

function ofLooks(name: string, acts: Ending['acts'], expected: Expected, ending: Ending): string[] {
  const { alarmWithinSeconds, looksForAlarmsAtMost = Infinity, firstActNotBeforeSeconds } = expected;
  const looks = ending.looks.filter(({ of, atMs }) => of === name && atMs >= ending.lastEventAtMs);
  const seconds = (atMs: number | undefined) => ((atMs ?? Number.NaN) - ending.lastEventAtMs) / 1000;
  const alarm = seconds(looks[0]?.atMs);
  const act = seconds(acts[0]?.atMs);
  return [
    ...(alarmWithinSeconds === undefined || alarm <= alarmWithinSeconds
      ? []
      : [`the first alarm after ${alarm} s; expected ${alarmWithinSeconds} s at most`]),
    ...(looks.length <= looksForAlarmsAtMost
      ? []
      : [`its alarms made the product look ${looks.length} times; expected ${looksForAlarmsAtMost} at most`]),
    ...(firstActNotBeforeSeconds !== undefined && act < firstActNotBeforeSeconds
      ? [`the first act after ${act} s; expected not before ${firstActNotBeforeSeconds} s`]
      : []),
  ];
}

function ofAlarms(heard: Ending['messages'], expected: readonly number[] | undefined): string[] {
  if (expected === undefined) return [];
  const alarms = heard.filter(({ news }) => news.startsWith('DELETED AND NOT BACK')).map(({ atMs }) => atMs);
  const minutes = alarms.map((atMs) => (atMs - (alarms[0] ?? 0)) / minuteMs);
  const timely = expected.every((due, index) => {
    const minute = minutes[index];
    return minute !== undefined && minute >= due && minute < due + alarmMayBeLateMinutes;
  });
  return timely && minutes.length === expected.length
    ? []
    : [`alarmed at minutes ${minutes.join(', ')}; expected ${expected.join(', ')}`];
}

function ofTheProduct(
  { aboutTheProduct = [], productDies, atTheEnd }: Story,
  { others, refused, deaths }: Ending,
): string[] {
  const unasked = others.filter((subject) => !aboutTheProduct.some((text) => subject.includes(text)));
  const refusals = Object.values(atTheEnd).some((one) => one.refused === 'CreateConnector') ? ['CreateConnector'] : [];
  return [
    ...differs('other messages', listed(unasked), listed([])),
    ...aboutTheProduct.flatMap((text) => lacks('other messages', others.join('\n'), text)),
    ...differs('refused', listed([...new Set(refused.map(({ operation }) => operation))]), listed(refusals)),
    // A story of deaths in which nobody died would prove nothing.
    ...(productDies !== undefined && deaths < 2 ? [`the product died ${deaths} time(s) only`] : []),
  ];
}

function ofReadiness({ readiness }: Story, { messages }: Ending): string[] {
  if (readiness === undefined) return [];
  const heard = messages.filter(({ of }) => of === 'readiness');
  return [
    ...differs('messages about readiness', `${heard.length}`, `${readiness.messages}`),
    ...readiness.lastSays.flatMap((text) => lacks('the last message about readiness', heard.at(-1)?.text ?? '', text)),
  ];
}

function differs(what: string, found: string, expected: string): string[] {
  return found === expected ? [] : [`${what}: ${found}; expected ${expected}`];
}

function lacks(what: string, found: string, text: string): string[] {
  return found.includes(text) ? [] : [`${what} lacks "${text}": ${found}`];
}

function late(
  what: string,
  from: number | undefined,
  to: number | undefined,
  withinMinutes: number | undefined,
): string[] {
  if (withinMinutes === undefined) return [];
  const minutes = ((to ?? Number.NaN) - (from ?? Number.NaN)) / minuteMs;
  // `NaN`, of what never happened, is within no limit.
  return minutes >= 0 && minutes <= withinMinutes ? [] : [`${what}: ${minutes} min; expected ${withinMinutes} at most`];
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? 'nothing' : texts.join(' | ');
}

function clockTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16);
}
