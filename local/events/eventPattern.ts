/**
 * Event patterns: which events a rule wants.
 * Written here because no well-kept library for JavaScript was found; the reference is aws/event-ruler (Java), the comparisons are those of
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html (all but `cidr`).
 */
export interface EventPattern {
  readonly [field: string]: unknown;
}

/** A pattern that EventBridge would refuse too (InvalidEventPatternException), or that uses what is not built here. */
export class EventPatternError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EventPatternError';
  }
}

type Predicate = (value: unknown) => boolean;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Builds the test for a pattern, so that a fault in it shows when the rule is made. @throws EventPatternError */
export function compilePattern(pattern: EventPattern): (event: object) => boolean {
  const compiled = compileObject(pattern, '');
  return (event) => compiled(event);
}

function compileObject(pattern: EventPattern, place: string): Predicate {
  if (Object.keys(pattern).length === 0)
    throw new EventPatternError(`Event pattern ${place || 'root'} is an empty object.`);
  const fields = Object.entries(pattern).map(([field, expected]): Predicate => {
    const here = place === '' ? field : `${place}.${field}`;
    if (field === '$or') {
      if (!Array.isArray(expected) || expected.length < 2 || !expected.every(isObject)) {
        throw new EventPatternError(`${here} must be an array of at least two objects.`);
      }
      const branches = expected.map((branch) => compileObject(branch, here));
      return (event) => branches.some((matches) => matches(event));
    }
    const matches = isObject(expected) ? compileObject(expected, here) : compileLeaf(expected, here);
    return (event) => matches(isObject(event) ? event[field] : undefined);
  });
  return (event) =>
    // An array in the event matches when one of its elements does, in all fields at once.
    Array.isArray(event)
      ? event.some((element) => fields.every((matches) => matches(element)))
      : fields.every((matches) => matches(event));
}

function compileLeaf(expected: unknown, place: string): Predicate {
  if (!Array.isArray(expected)) throw new EventPatternError(`"${place}" must be an object or an array.`);
  if (expected.length === 0) throw new EventPatternError(`"${place}" is an empty array.`);
  const matchers = expected.map((one) => compileMatcher(one, place));
  return (value) => matchers.some((matches) => matches(value));
}

/** An event's array matches when one element does; a missing value never does. */
const anyElement =
  (test: Predicate): Predicate =>
  (value) =>
    value !== undefined && (Array.isArray(value) ? value.some(test) : test(value));

const onText = (test: (text: string) => boolean): Predicate =>
  anyElement((value) => typeof value === 'string' && test(value));

function compileMatcher(matcher: unknown, place: string): Predicate {
  if (!isObject(matcher)) {
    if (Array.isArray(matcher)) throw new EventPatternError(`"${place}" has an array inside its array.`);
    return anyElement((value) => value === matcher);
  }
  const entries = Object.entries(matcher);
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) {
    throw new EventPatternError(`"${place}" must name exactly one comparison, got ${JSON.stringify(matcher)}.`);
  }
  const [comparison, operand] = entry;
  switch (comparison) {
    case 'exists':
      if (typeof operand !== 'boolean') throw new EventPatternError(`"${place}": exists takes true or false.`);
      // An object is no leaf: exists looks at leaves only.
      return (value) => (value !== undefined && !isObject(value)) === operand;
    case 'anything-but':
      return compileAnythingBut(operand, place);
    case 'numeric':
      return compileNumeric(operand, place);
    default:
      return onText(compileText(comparison, operand, place));
  }
}

function compileText(comparison: string, operand: unknown, place: string): (text: string) => boolean {
  if (
    (comparison === 'prefix' || comparison === 'suffix') &&
    isObject(operand) &&
    typeof operand['equals-ignore-case'] === 'string'
  ) {
    const expected = operand['equals-ignore-case'].toLowerCase();
    return comparison === 'prefix'
      ? (text) => text.toLowerCase().startsWith(expected)
      : (text) => text.toLowerCase().endsWith(expected);
  }
  if (typeof operand !== 'string') throw new EventPatternError(`"${place}": ${comparison} takes a string.`);
  switch (comparison) {
    case 'prefix':
      return (text) => text.startsWith(operand);
    case 'suffix':
      return (text) => text.endsWith(operand);
    case 'equals-ignore-case':
      return (text) => text.toLowerCase() === operand.toLowerCase();
    case 'wildcard': {
      const expression = wildcard(operand, place);
      return (text) => expression.test(text);
    }
    default:
      throw new EventPatternError(`"${place}": the comparison ${comparison} is not known here.`);
  }
}

/** `*` stands for any run of characters; `\*` and `\\` for themselves. */
function wildcard(pattern: string, place: string): RegExp {
  if (/\*\*/.test(pattern)) throw new EventPatternError(`"${place}": consecutive wildcards in ${pattern}.`);
  const source = pattern.replaceAll(/\\([*\\])|([\s\S])/g, (_all, escaped?: string, plain?: string) => {
    if (escaped !== undefined) return `\\${escaped}`;
    return plain === '*' ? '[\\s\\S]*' : (plain ?? '').replace(/[.+^${}()|[\]\\?]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}

function compileAnythingBut(operand: unknown, place: string): Predicate {
  if (isObject(operand)) {
    const [entry] = Object.entries(operand);
    if (entry === undefined || Object.keys(operand).length !== 1) {
      throw new EventPatternError(`"${place}": anything-but takes one comparison.`);
    }
    const [comparison, values] = entry;
    const tests = (Array.isArray(values) ? values : [values]).map((one) => compileText(comparison, one, place));
    return onText((text) => !tests.some((test) => test(text)));
  }
  const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (excluded.length === 0 || !excluded.every((one) => typeof one === 'string' || typeof one === 'number')) {
    throw new EventPatternError(`"${place}": anything-but takes strings or numbers.`);
  }
  return anyElement((value) => !(excluded as readonly unknown[]).includes(value));
}

function compileNumeric(operand: unknown, place: string): Predicate {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0 || operand.length > 4) {
    throw new EventPatternError(`"${place}": numeric takes one or two pairs of comparison and number.`);
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const sign: unknown = operand[index];
    const bound: unknown = operand[index + 1];
    if (typeof bound !== 'number') throw new EventPatternError(`"${place}": numeric ${String(sign)} takes a number.`);
    switch (sign) {
      case '=':
        tests.push((value) => value === bound);
        break;
      case '<':
        tests.push((value) => value < bound);
        break;
      case '<=':
        tests.push((value) => value <= bound);
        break;
      case '>':
        tests.push((value) => value > bound);
        break;
      case '>=':
        tests.push((value) => value >= bound);
        break;
      default:
        throw new EventPatternError(`"${place}": numeric knows =, <, <=, >, >=; got ${String(sign)}.`);
    }
  }
  return anyElement((value) => typeof value === 'number' && tests.every((test) => test(value)));
}
