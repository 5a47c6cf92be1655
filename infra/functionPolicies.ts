import { Validations } from 'aws-cdk-lib';
import { type IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type Permission, permissions } from '../lambda/permissions.ts';
import { type PolicyResource, policyResources, type PolicyTargets } from './policyResources.ts';

export interface FunctionPoliciesProps {
  /** Who gets the permissions. */
  readonly role: IRole;
  /** What they are given on. */
  readonly targets: PolicyTargets;
}

/** IAM's limit is 6,144 characters without whitespace; the rest is for the frame and for names that are longer than thought. */
const policyCharacters = 5_500;

/**
 * The permission table as managed policies: inline ones together hold 10,240 characters, which fifty connectors exceed.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export class FunctionPolicies extends Construct {
  constructor(scope: Construct, id: string, props: FunctionPoliciesProps) {
    super(scope, id);
    const statements = groups(permissions).flatMap((group) => split(group, policyResources(group.on, props.targets)));
    for (const [index, content] of pack(statements).entries()) {
      const policy = new ManagedPolicy(this, `Policy${index + 1}`, {
        description: 'What connector-recovery may do',
        roles: [props.role],
        statements: content.map(
          ({ actions, resources, condition }) =>
            new PolicyStatement({
              actions: [...actions],
              resources: resources.map(({ arn }) => arn),
              ...(condition && { conditions: condition }),
            }),
        ),
      });
      for (const { resources, why } of content) {
        for (const { finding } of resources) {
          if (finding !== undefined) {
            Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason: why });
          }
        }
      }
    }
  }
}

interface Group {
  readonly on: Permission['on'];
  readonly actions: readonly string[];
  readonly condition?: Permission['condition'];
  readonly why: string;
}

interface Statement extends Omit<Group, 'on'> {
  readonly resources: readonly PolicyResource[];
}

/** Lines on the same thing under the same condition are one statement; bucket and objects take different actions, so they part. */
function groups(lines: readonly Permission[]): Group[] {
  const found = new Map<string, Group>();
  for (const { on, actions, condition, why } of lines) {
    const key = `${on} ${JSON.stringify(condition ?? {})}`;
    const group = found.get(key);
    found.set(key, {
      on,
      actions: [...new Set([...(group?.actions ?? []), ...actions])],
      ...(condition && { condition }),
      why: group === undefined ? why : `${group.why}; ${why}`,
    });
  }
  return [...found.values()];
}

function split(group: Group, resources: readonly PolicyResource[]): Statement[] {
  const levels = ['bucket', 'object', undefined] as const;
  return levels.flatMap((level) => {
    const actions = group.actions.filter(
      (action) => level === undefined || (action === 's3:ListBucket') === (level === 'bucket'),
    );
    const ours = resources.filter((resource) => resource.level === level);
    const chunks: PolicyResource[][] = [];
    let left = 0;
    for (const resource of ours) {
      if (resource.characters > left) {
        chunks.push([]);
        left = policyCharacters - overhead({ ...group, actions });
      }
      chunks.at(-1)?.push(resource);
      left -= resource.characters;
    }
    return chunks.map((chunk) => ({
      actions,
      resources: chunk,
      ...(group.condition && { condition: group.condition }),
      why: group.why,
    }));
  });
}

function overhead({ actions, condition }: Pick<Group, 'actions' | 'condition'>): number {
  return JSON.stringify({ Effect: 'Allow', Action: actions, Resource: [], Condition: condition }).length + 1;
}

/** First fit: as few policies as a simple rule gives, since a role takes ten. */
function pack(statements: readonly Statement[]): Statement[][] {
  const policies: { readonly content: Statement[]; left: number }[] = [];
  for (const statement of statements) {
    const characters =
      overhead(statement) + statement.resources.reduce((sum, resource) => sum + resource.characters, 0);
    const roomy = policies.find(({ left }) => left >= characters);
    if (roomy) {
      roomy.content.push(statement);
      roomy.left -= characters;
    } else {
      policies.push({ content: [statement], left: policyCharacters - characters });
    }
  }
  return policies.map(({ content }) => content);
}
