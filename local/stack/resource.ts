import { createHash } from 'node:crypto';
import type { LocalAccount } from '../aws/account.ts';
import type { LocalService } from '../aws/service.ts';
import type { EventBridge } from '../events/eventBridge.ts';
import type { Scheduler } from '../events/scheduler.ts';
import type { LambdaService } from '../functions/lambdaService.ts';
import type { MessageQueue } from '../functions/messageQueue.ts';

/** A resource of a template, its properties resolved. */
export interface Resource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The folder of a file asset, by its object key. */
  readonly assets: ReadonlyMap<string, string>;
}

/** What a deployed resource gives to those that refer to it. */
export interface Deployed {
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A policy, role or key of the template: kept to be looked at, not enforced, but for Lambda's own resource policy. */
export interface KeptResource {
  readonly type: string;
  readonly logicalId: string;
  readonly arn?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The account that resources are deployed into. */
export interface Account extends LocalAccount {
  readonly s3: LocalService;
  readonly sns: LocalService;
  readonly logs: LocalService;
  readonly monitoring: LocalService;
  readonly events: EventBridge;
  readonly scheduler: Scheduler;
  readonly lambda: LambdaService;
  /** By ARN. */
  readonly queues: Map<string, MessageQueue>;
  readonly kept: KeptResource[];
}

export interface ResourceType {
  /** The properties that are carried out. */
  readonly uses: readonly string[];
  /** The properties that make no difference on this machine. Any other is an error: nothing is skipped silently. */
  readonly ignores?: readonly string[];
  deploy(resource: Resource, account: Account): Promise<Deployed> | Deployed;
}

/** A name as CloudFormation makes it up: stack, logical id and a suffix, the same for the same template. */
export function physicalName(resource: Resource, longest: number): string {
  const suffix = createHash('sha256').update(`${resource.stackName}/${resource.logicalId}`).digest('hex').slice(0, 12);
  return `${`${resource.stackName}-${resource.logicalId}`.slice(0, longest - 13)}-${suffix}`;
}

/** A property that must be text. @throws Error */
export function text(resource: Resource, property: string): string {
  const value = optionalText(resource, property);
  if (value === undefined) throw new Error(`${property} is missing`);
  return value;
}

/** @throws Error when it is there and no text. */
export function optionalText(resource: Resource, property: string): string | undefined {
  const value = resource.properties[property];
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`${property} must be text, got ${JSON.stringify(value)}`);
}

/** @throws Error when it is there and no number; CloudFormation takes numbers as text too. */
export function optionalNumber(resource: Resource, property: string): number | undefined {
  const value = resource.properties[property];
  if (value === undefined) return undefined;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && !Number.isNaN(number)) return number;
  throw new Error(`${property} must be a number, got ${JSON.stringify(value)}`);
}

/** A property that is an object; empty where it is absent. */
export function object(resource: Resource, property: string): Readonly<Record<string, unknown>> {
  const value = resource.properties[property] ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`${property} must be an object`);
  return value as Readonly<Record<string, unknown>>;
}

/** A property that is a list; empty where it is absent. */
export function list(resource: Resource, property: string): readonly Readonly<Record<string, unknown>>[] {
  const value = resource.properties[property] ?? [];
  if (!Array.isArray(value)) throw new Error(`${property} must be a list`);
  return value as readonly Readonly<Record<string, unknown>>[];
}
