import { substitution, type Template } from './template.ts';

/** What names in a template stand for. Each function throws when there is no such name. */
export interface Scope {
  readonly template: Template;
  /** A parameter's, a resource's or a pseudo parameter's value. */
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  importValue(name: string): unknown;
}

/** `AWS::NoValue`: the property is as if it were not written. */
export const noValue = Symbol('AWS::NoValue');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A value with every intrinsic function carried out.
 * @throws Error for a function that is not known here, or a name that is not in scope.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function resolveIntrinsics(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => resolveIntrinsics(each, scope)).filter((each) => each !== noValue);
  }
  if (typeof value === 'string' && value.includes('{{resolve:')) {
    throw new Error(`dynamic references are not resolved here: ${value}`);
  }
  if (!isObject(value)) return value;
  const [only] = Object.entries(value);
  if (only !== undefined && Object.keys(value).length === 1) {
    const [key, operand] = only;
    if (key === 'Ref') return scope.ref(String(operand));
    if (key.startsWith('Fn::') || key === 'Condition') return call(key, operand, scope);
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, resolveIntrinsics(each, scope)] as const)
      .filter(([, each]) => each !== noValue),
  );
}

/** Whether a condition of the template holds. */
export function conditionHolds(name: string, scope: Scope): boolean {
  const condition = scope.template.Conditions?.[name];
  if (condition === undefined) throw new Error(`there is no condition ${name}`);
  return resolveIntrinsics(condition, scope) === true;
}

function call(name: string, operand: unknown, scope: Scope): unknown {
  const list = (): readonly unknown[] => {
    const resolved = resolveIntrinsics(operand, scope);
    if (!Array.isArray(resolved)) throw new Error(`${name} takes a list`);
    return resolved;
  };
  switch (name) {
    case 'Fn::GetAtt': {
      const [id, ...attribute] = Array.isArray(operand) ? operand.map(String) : String(operand).split('.');
      return scope.attribute(id ?? '', attribute.join('.'));
    }
    case 'Fn::Join': {
      const [separator, parts] = list();
      if (!Array.isArray(parts)) throw new Error('Fn::Join takes a separator and a list');
      return parts.map(String).join(String(separator));
    }
    case 'Fn::Split': {
      const [separator, text] = list();
      return String(text).split(String(separator));
    }
    case 'Fn::Select': {
      const [index, items] = list();
      const item: unknown = Array.isArray(items) ? items[Number(index)] : undefined;
      if (item === undefined) throw new Error(`Fn::Select finds nothing at ${String(index)}`);
      return item;
    }
    case 'Fn::Sub':
      return substitute(operand, scope);
    case 'Fn::ImportValue':
      return scope.importValue(String(resolveIntrinsics(operand, scope)));
    case 'Fn::FindInMap': {
      const [map, top, second] = list().map(String);
      const found = scope.template.Mappings?.[map ?? '']?.[top ?? '']?.[second ?? ''];
      if (found === undefined) throw new Error(`Fn::FindInMap finds nothing at ${map}.${top}.${second}`);
      return found;
    }
    case 'Fn::If': {
      // Only the branch that is taken is resolved: the other may name what does not exist.
      const [condition, yes, no] = Array.isArray(operand) ? (operand as readonly unknown[]) : [];
      return resolveIntrinsics(conditionHolds(String(condition), scope) ? yes : no, scope);
    }
    case 'Condition':
      // Outside of conditions it is an ordinary key: a statement's, with an object.
      return typeof operand === 'string'
        ? conditionHolds(operand, scope)
        : { Condition: resolveIntrinsics(operand, scope) };
    case 'Fn::Equals': {
      const [a, b] = list();
      return JSON.stringify(a) === JSON.stringify(b);
    }
    case 'Fn::And':
      return list().every((each) => each === true);
    case 'Fn::Or':
      return list().some((each) => each === true);
    case 'Fn::Not':
      return list()[0] !== true;
    default:
      throw new Error(`the intrinsic function ${name} is not known here`);
  }
}

function substitute(operand: unknown, scope: Scope): string {
  const [text, names] = Array.isArray(operand) ? (operand as readonly unknown[]) : [operand];
  const own = isObject(names) ? names : {};
  return String(text).replaceAll(substitution, (_all, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`;
    if (name in own) return String(resolveIntrinsics(own[name], scope));
    const dot = name.indexOf('.');
    return String(dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1)));
  });
}
