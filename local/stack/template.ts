/** A CloudFormation template, as JSON. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, TemplateParameter>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: string | number;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Export?: { readonly Name: unknown };
  readonly Condition?: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `${Name}` and `${Name.Attribute}` of a Fn::Sub text; `${!Literal}` is none. */
export const substitution = /\$\{(!?)([\w:.]+)\}/g;

/** Every name that a value refers to: by Ref, Fn::GetAtt or within Fn::Sub. */
export function references(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (!isObject(node)) return;
    for (const [key, operand] of Object.entries(node)) {
      if (key === 'Ref' && typeof operand === 'string') found.add(operand);
      if (key === 'Fn::GetAtt') {
        const name: unknown = Array.isArray(operand) ? operand[0] : String(operand).split('.')[0];
        found.add(String(name));
      }
      if (key === 'Fn::Sub') {
        const [text, names] = Array.isArray(operand) ? (operand as readonly unknown[]) : [operand];
        const own = new Set(isObject(names) ? Object.keys(names) : []);
        for (const [, literal, name = ''] of String(text).matchAll(substitution)) {
          if (literal === '' && !own.has(name)) found.add(name.split('.')[0] ?? name);
        }
      }
      walk(operand);
    }
  };
  walk(value);
  return found;
}

/**
 * Logical ids in an order in which each comes after what it refers to or depends on; otherwise as the template has them.
 * @throws Error for a circle.
 */
export function inOrder(resources: Readonly<Record<string, TemplateResource>>): readonly string[] {
  const ordered: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string) => {
    const resource = resources[id];
    if (resource === undefined || done.has(id)) return;
    if (path.includes(id)) throw new Error(`Circular dependency between resources: ${[...path, id].join(' -> ')}`);
    path.push(id);
    const dependsOn = typeof resource.DependsOn === 'string' ? [resource.DependsOn] : (resource.DependsOn ?? []);
    for (const needed of [...references(resource.Properties), ...dependsOn]) visit(needed);
    path.pop();
    done.add(id);
    ordered.push(id);
  };
  Object.keys(resources).forEach(visit);
  return ordered;
}
