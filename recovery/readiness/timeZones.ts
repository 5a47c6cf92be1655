/**
 * Names without a slash that MySQL's driver takes: those of Java 17 (`TimeZone.getAvailableIDs`) and those of its own table, the
 * names of Windows excepted (`isWindowsName`). `KST`, `CEST`, `EDT` and their like are not among them.
 * @see https://github.com/mysql/mysql-connector-j/blob/release/9.x/src/main/resources/com/mysql/cj/util/TimeZoneMapping.properties
 */
const short = new Set(
  (
    'CET CST6CDT Cuba EET EST5EDT Egypt Eire GB GB-Eire GMT GMT0 GMT+0 GMT-0 Greenwich Hongkong Iceland Iran Israel Jamaica Japan Kwajalein ' +
    'Libya MET MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT UTC Universal W-SU WET Zulu ' +
    'EST HST MST ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST ' +
    'AWST ChST HDT HKT IDT NDT NZDT NZST PKT SAST WAST WIT WITA UTC+12 UTC-02 UTC-08 UTC-09 UTC-11'
  ).split(' '),
);

/** Abbreviations that the driver takes for a zone which the server may not mean; by its table, then by Java's. */
const elsewhere: Readonly<Record<string, string>> = {
  CST: 'America/Chicago, and servers of China report it too',
  IST: 'Asia/Kolkata, and servers of Israel and Ireland report it too',
  AST: 'America/Anchorage, and servers of the Atlantic and of Arabia report it too',
};

/** How MySQL's driver takes the name of a time zone. */
export type ZoneReading =
  | { readonly kind: 'read' }
  /** It throws: the connection is refused. */
  | { readonly kind: 'refused' }
  /** It is taken for a zone that the server may not mean. */
  | { readonly kind: 'ambiguous'; readonly as: string };

/**
 * What MySQL Connector/J 8 and 9 does with a name, from the server or from `connectionTimeZone`: it takes offsets, what Java knows, what its
 * own table knows, and refuses the rest.
 *
 * A name with a slash is looked up in the ICU data of the Node that runs this, which stands for Java's: a zone that is younger than either (they
 * follow the IANA database a few times a year) may be judged otherwise than the driver judges it, so the answer is that of a version of Node.
 * @see https://github.com/mysql/mysql-connector-j/blob/release/9.x/src/main/core-impl/java/com/mysql/cj/util/TimeUtil.java — `getCanonicalTimeZone`
 */
export function readZone(name: string): ZoneReading {
  const zone = name.trim();
  if (/^[+-]\d/.test(zone) && zone.length > 2) return { kind: 'read' };
  const as = Object.hasOwn(elsewhere, zone) ? elsewhere[zone] : undefined;
  if (as !== undefined) return { kind: 'ambiguous', as };
  if (short.has(zone) || isWindowsName(zone)) return { kind: 'read' };
  return zone.includes('/') && isIana(zone) ? { kind: 'read' } : { kind: 'refused' };
}

/** `Korea Standard Time`: the driver's table maps those of Windows. */
function isWindowsName(zone: string): boolean {
  return /^[A-Z][A-Za-z. ]+ (?:Standard|Daylight) Time(?: \(Mexico\))?$/.test(zone);
}

/** As `Intl` has it: by the data of this Node. Java distinguishes upper and lower case, ICU does not. */
function isIana(zone: string): boolean {
  if (/^(?:SystemV)\/[A-Z]{3}\d/.test(zone)) return true;
  if (!/^[A-Z][A-Za-z_]*(?:\/[A-Z][A-Za-z0-9_+-]*)+$/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
