/** What a rule's target is given: one of these, or the whole event. */
export interface TargetInput {
  /** JSON text, given as it is. */
  readonly Input?: string;
  /** A JSON path into the event. */
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
}

export interface RuleIdentity {
  readonly arn: string;
  readonly name: string;
  /** When the event came in, ISO 8601. */
  readonly ingestionTime: string;
}

/**
 * The JSON text that a target is given for an event.
 * @throws Error when a template does not give JSON: EventBridge then fails the invocation.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function targetInput(target: TargetInput, event: object, rule: RuleIdentity): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(atPath(event, target.InputPath) ?? null);
  if (target.InputTransformer !== undefined) return transform(target.InputTransformer, event, rule);
  return JSON.stringify(event);
}

function transform(
  { InputPathsMap = {}, InputTemplate }: NonNullable<TargetInput['InputTransformer']>,
  event: object,
  rule: RuleIdentity,
): string {
  const withoutDetail = Object.fromEntries(Object.entries(event).filter(([field]) => field !== 'detail'));
  const predefined: Readonly<Record<string, unknown>> = {
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': rule.ingestionTime,
    'aws.events.event': withoutDetail,
    'aws.events.event.json': event,
  };
  const variables: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(Object.entries(InputPathsMap).map(([name, path]) => [name, atPath(event, path)])),
    ...predefined,
  };

  let inString = false;
  let output = '';
  for (let index = 0; index < InputTemplate.length; index += 1) {
    const character = InputTemplate.charAt(index);
    const variable = /^<([\w.-]+)>/.exec(InputTemplate.slice(index));
    const name = variable?.[1];
    if (variable !== null && name !== undefined && (name in variables || name in InputPathsMap)) {
      output += inString ? asText(variables[name]) : asJson(variables[name]);
      index += variable[0].length - 1;
    } else if (character === '\\') {
      output += InputTemplate.slice(index, index + 2);
      index += 1;
    } else {
      if (character === '"') inString = !inString;
      output += character;
    }
  }
  try {
    return JSON.stringify(JSON.parse(output));
  } catch (error) {
    throw new Error(`The input template gives no JSON: ${output}`, { cause: error });
  }
}

/** A variable whose path is not in the event is empty text. [inferred from LocalStack's tests against AWS, the docs only say it "isn't created"] */
const asJson = (value: unknown) => JSON.stringify(value ?? '');

/** Within quotes a text stands without its own; anything else as JSON, escaped so that the whole stays JSON. */
const asText = (value: unknown) =>
  JSON.stringify(typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)).slice(1, -1);

/** Dot notation, array indices and `[*]` only, as EventBridge takes them. */
function atPath(event: unknown, path: string): unknown {
  if (!/^\$(?:\.[\w\-/]+|\[(?:\d+|\*)\])*$/.test(path)) throw new Error(`JSON path not supported: ${path}`);
  let found: unknown = event;
  const steps = [...path.matchAll(/\.([\w\-/]+)|\[(\d+|\*)\]/g)];
  for (const [index, step] of steps.entries()) {
    if (step[2] === '*') {
      if (!Array.isArray(found)) return undefined;
      const rest = `$${path.slice((steps[index]?.index ?? 0) + step[0].length)}`;
      return found.map((element) => atPath(element, rest)).filter((value) => value !== undefined);
    }
    const key = step[1] ?? step[2] ?? '';
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}
