import * as v from 'valibot';
import { statuses } from './errors.ts';
import { faultsFrom, type Faults } from './faults.ts';

const codes = Object.keys(statuses) as (keyof typeof statuses)[];
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const scenario = v.array(
  v.strictObject({
    operation: v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z]+$/, 'the name of an operation, such as CreateConnector')),
    nth: v.optional(v.strictObject({ from: v.optional(count), to: v.optional(count) })),
    after: v.optional(v.strictObject({ operation: v.string(), forSeconds: v.optional(count) })),
    answer: v.picklist([...codes, 'lost']),
    message: v.optional(v.string()),
  }),
);

/**
 * Reads a scenario file: a list of `FaultRule`s in JSON, which says what goes wrong in MSK Connect and when.
 * @param place the file's name, for the error
 * @throws Error that names every fault with its place
 */
export function readScenario(text: string, place: string): Faults {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${place} is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const read = v.safeParse(scenario, json);
  if (read.success) return faultsFrom(read.output);
  const faults = read.issues.map((issue) => `  ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  throw new Error(`${place} is no scenario:\n${faults.join('\n')}`);
}
