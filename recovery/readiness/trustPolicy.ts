const service = 'kafkaconnect.amazonaws.com';

/**
 * What in an execution role's trust policy shuts out a connector that is created again, in words: recreation changes the last part of its ARN, so a
 * pattern that ends in it lets in the live one and nobody after it. Empty: a recreated connector would be let in. Pure.
 *
 * Looked at are the conditions on `aws:SourceArn`; those on the account stay the same with a recreation, and others are not judged.
 * @param policy the trust policy, parsed
 * @param liveArn the connector as it is
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function shutsOut(policy: unknown, liveArn: string): readonly string[] {
  const trusting = list(fieldOf(policy, 'Statement')).filter(trustsConnect);
  if (trusting.length === 0) return [`no statement of its trust policy lets ${service} take the role`];
  const again = liveArn.replace(/[^/]+$/, 'ffffffff-ffff-4fff-8fff-ffffffffffff-9');
  const closed = trusting.map((statement) =>
    sourceArns(statement).filter((patterns) => !patterns.some((pattern) => matches(pattern, again))),
  );
  if (closed.some((conditions) => conditions.length === 0)) return [];
  return [...new Set(closed.flat(2).map(({ text }) => `its trust policy asks for aws:SourceArn ${text}`))];
}

interface Pattern {
  readonly text: string;
  /** `StringEquals` compares as it stands; the others know `*` and `?`. */
  readonly literal: boolean;
}

function trustsConnect(statement: unknown): boolean {
  const principals = fieldOf(statement, 'Principal');
  const services = principals === '*' ? ['*'] : list(fieldOf(principals, 'Service'));
  const actions = list(fieldOf(statement, 'Action'));
  return (
    fieldOf(statement, 'Effect') === 'Allow' &&
    services.some((one) => one === service || one === '*') &&
    actions.some((action) => /^(\*|sts:(\*|AssumeRole))$/i.test(String(action)))
  );
}

/** The patterns of each condition on the caller's ARN; all conditions must hold, each by one of its patterns. */
function sourceArns(statement: unknown): readonly (readonly Pattern[])[] {
  const conditions = fieldOf(statement, 'Condition');
  if (typeof conditions !== 'object' || conditions === null) return [];
  return Object.entries(conditions).flatMap(([operator, keys]) => {
    if (!/^(ArnLike|ArnEquals|StringLike|StringEquals|StringEqualsIgnoreCase)(IfExists)?$/.test(operator)) return [];
    const literal = operator.startsWith('StringEquals');
    return Object.entries(keys as object)
      .filter(([key]) => key.toLowerCase() === 'aws:sourcearn')
      .map(([, values]) => list(values).map((value) => ({ text: String(value), literal })));
  });
}

function matches({ text, literal }: Pattern, arn: string): boolean {
  if (literal) return text === arn;
  const pattern = text
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(arn);
}

function fieldOf(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined;
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
