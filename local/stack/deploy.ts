import type { AssemblyStack } from './cloudAssembly.ts';
import { DeployError } from './deployError.ts';
import { conditionHolds, noValue, resolveIntrinsics, type Scope } from './intrinsics.ts';
import type { Account, Deployed, ResourceType } from './resource.ts';
import { access } from './resources/access.ts';
import { compute } from './resources/compute.ts';
import { messaging } from './resources/messaging.ts';
import { monitoring } from './resources/monitoring.ts';
import { storage } from './resources/storage.ts';
import { timing } from './resources/timing.ts';
import { inOrder } from './template.ts';

const resourceTypes: Readonly<Record<string, ResourceType>> = {
  ...access,
  ...compute,
  ...messaging,
  ...monitoring,
  ...storage,
  ...timing,
};

/** Carries the CDK's version, nothing else; it has no counterpart in the account. */
const leftOut = new Set(['AWS::CDK::Metadata']);

/** A stack as it stands in the local account. */
export interface DeployedStack {
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** By logical id. */
  readonly resources: Readonly<Record<string, Deployed & { readonly type: string }>>;
}

export interface DeployOptions {
  /** Values of template parameters that have no default, or another one. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * Creates every resource of the stacks, in the order of their dependencies. What ran before an error stays.
 * @throws DeployError for a type, property, function or name that is not known here: nothing is skipped silently.
 */
export async function deployStacks(
  stacks: readonly AssemblyStack[],
  account: Account,
  options: DeployOptions = {},
): Promise<readonly DeployedStack[]> {
  const exports = new Map<string, unknown>();
  const deployed: DeployedStack[] = [];
  for (const stack of stacks) deployed.push(await deployStack(stack, account, exports, options));
  return deployed;
}

async function deployStack(
  stack: AssemblyStack,
  account: Account,
  exports: Map<string, unknown>,
  options: DeployOptions,
): Promise<DeployedStack> {
  const { template } = stack;
  const resources: Record<string, Deployed & { readonly type: string }> = {};
  const scope = stackScope(stack, account, resources, exports, options);
  const named = <Result>(logicalId: string, act: () => Result): Result => {
    try {
      return act();
    } catch (error) {
      throw asDeployError(stack.name, logicalId, error);
    }
  };

  for (const logicalId of named('(template)', () => inOrder(template.Resources ?? {}))) {
    const definition = template.Resources?.[logicalId];
    if (definition === undefined || leftOut.has(definition.Type)) continue;
    const { Type: type, Condition: condition } = definition;
    if (condition !== undefined && !named(logicalId, () => conditionHolds(condition, scope))) continue;
    const resourceType = resourceTypes[type];
    if (resourceType === undefined) {
      throw new DeployError(stack.name, logicalId, `the resource type ${type} is not known to the local services`);
    }
    try {
      const properties = resolveIntrinsics(definition.Properties ?? {}, scope) as Readonly<Record<string, unknown>>;
      const known = new Set([...resourceType.uses, ...(resourceType.ignores ?? [])]);
      const unknown = Object.keys(properties).filter((property) => !known.has(property));
      if (unknown.length > 0) throw new Error(`${type}: the property ${unknown.join(', ')} is not built here`);
      const resource = { stackName: stack.name, logicalId, type, properties, assets: stack.assets };
      resources[logicalId] = { ...(await resourceType.deploy(resource, account)), type };
    } catch (error) {
      throw asDeployError(stack.name, logicalId, error);
    }
  }

  const outputs: Record<string, string> = {};
  for (const [name, output] of Object.entries(template.Outputs ?? {})) {
    named(name, () => {
      if (output.Condition !== undefined && !conditionHolds(output.Condition, scope)) return;
      const value = resolveIntrinsics(output.Value, scope);
      outputs[name] = String(value);
      if (output.Export !== undefined) exports.set(String(resolveIntrinsics(output.Export.Name, scope)), value);
    });
  }
  return { name: stack.name, outputs, resources };
}

function asDeployError(stackName: string, logicalId: string, error: unknown): DeployError {
  if (error instanceof DeployError) return error;
  return new DeployError(stackName, logicalId, error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

function stackScope(
  stack: AssemblyStack,
  account: Account,
  resources: Readonly<Record<string, Deployed>>,
  exports: ReadonlyMap<string, unknown>,
  options: DeployOptions,
): Scope {
  const { template } = stack;
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': account.accountId,
    'AWS::NoValue': noValue,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': account.region,
    'AWS::StackId': `arn:aws:cloudformation:${account.region}:${account.accountId}:stack/${stack.name}/local`,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  return {
    template,
    ref(name) {
      if (name in pseudo) return pseudo[name];
      const parameter = template.Parameters?.[name];
      if (parameter !== undefined) {
        const value = options.parameters?.[name] ?? parameter.Default;
        if (value === undefined) throw new Error(`the parameter ${name} has no value and no default`);
        if (parameter.Type.startsWith('AWS::SSM::Parameter')) {
          throw new Error(`the parameter ${name} is read from SSM, which is not built here`);
        }
        return /^(CommaDelimitedList|List<)/.test(parameter.Type) ? String(value).split(',') : value;
      }
      const found = resources[name];
      if (found === undefined) throw new Error(`Ref: there is no ${name}`);
      return found.ref;
    },
    attribute(logicalId, name) {
      const value = resources[logicalId]?.attributes[name];
      if (value === undefined) throw new Error(`Fn::GetAtt: there is no ${logicalId}.${name}`);
      return value;
    },
    importValue(name) {
      if (!exports.has(name)) throw new Error(`Fn::ImportValue: no stack exports ${name}`);
      return exports.get(name);
    },
  };
}
