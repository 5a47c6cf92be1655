import * as v from 'valibot';

/**
 * What one cell showed, as `docs/failures/<cell>.json` keeps it. Every `atSeconds` is counted from the break (before it: negative); a duration is in
 * seconds. Nothing in it names a machine, a path, a port or a secret.
 */
const seconds = v.number();
const rows = v.object({
  written: v.number(),
  arrived: v.number(),
  /** Arrivals beyond a row's first. */
  duplicated: v.number(),
  /** Not arrived though a later one has. */
  lost: v.number(),
  /** Not arrived, and no later one has. */
  waiting: v.number(),
});

const signal = v.object({
  atSeconds: seconds,
  /** What the worker's REST interface said; absent: it did not answer. MSK Connect shows less. */
  connectorState: v.optional(v.string()),
  taskState: v.optional(v.string()),
  connected: v.optional(v.number()),
  msSinceLastEvent: v.optional(v.number()),
  msBehindSource: v.optional(v.number()),
  pollRate: v.optional(v.number()),
  writeRate: v.optional(v.number()),
  /** Lines of the log since the sample before. */
  commits: v.number(),
  errors: v.number(),
});

const record = v.object({
  schema: v.literal(1),
  cell: v.string(),
  /** ISO 8601, UTC: when it was broken. */
  brokenAt: v.optional(v.string()),
  /** From the start of its processes to the end of its counting. */
  tookSeconds: seconds,
  status: v.picklist(['passed', 'failed', 'crashed']),
  /** What came about otherwise than expected; of a crash, why. */
  faults: v.array(v.string()),
  figures: v.optional(
    v.object({
      /** The first alarm that makes the function look. */
      detectionSeconds: v.optional(seconds),
      /** The function's first decision to act. */
      decisionSeconds: v.optional(seconds),
      /** MSK Connect accepted the first act. */
      actSeconds: v.optional(seconds),
      /** The first row written after the break arrived. */
      dataSeconds: v.optional(seconds),
      /** The function said `recovered`. */
      provedSeconds: v.optional(seconds),
      /** What was broken was mended, by whoever broke it. */
      mendedSeconds: v.optional(seconds),
      /** Data flowed again without an act before it. */
      healedByItself: v.boolean(),
      rows,
    }),
  ),
  alarms: v.array(v.object({ signal: v.string(), state: v.string(), atSeconds: seconds })),
  verdicts: v.array(v.object({ verdict: v.string(), atSeconds: seconds, because: v.optional(v.string()) })),
  outcomes: v.array(v.object({ outcome: v.string(), atSeconds: seconds, reason: v.string() })),
  acts: v.array(
    v.object({ operation: v.string(), atSeconds: seconds, answer: v.string(), by: v.picklist(['product', 'person']) }),
  ),
  states: v.array(v.object({ state: v.string(), atSeconds: seconds })),
  mails: v.array(v.object({ subject: v.string(), atSeconds: seconds })),
  signals: v.array(signal),
  /** Telling lines of the worker log, shortened. */
  log: v.array(v.object({ atSeconds: seconds, line: v.string() })),
});

export type CellRecord = v.InferOutput<typeof record>;
export type SignalSample = v.InferOutput<typeof signal>;
export type CellFigures = NonNullable<CellRecord['figures']>;

/** Reads a cell's file. @throws Error that names the file and what is wrong with it */
export function readRecord(text: string, place: string): CellRecord {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${place} is not JSON.`, { cause: error });
  }
  const read = v.safeParse(record, json);
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new Error(`${place} is no record of a cell: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
}

/** The text of a cell's file: one line per sample, alarm, act and line of the log, so that a change shows as one. */
export function recordText(written: CellRecord): string {
  const lines = Object.entries(written).map(([name, value]) => {
    const key = `  ${JSON.stringify(name)}: `;
    if (!Array.isArray(value) || value.length === 0) return `${key}${JSON.stringify(value)}`;
    return `${key}[\n${value.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}
