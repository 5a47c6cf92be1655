import { type App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../../infra/buildApp.ts';
import { checkSettings } from '../../settings/read.ts';
import type { ConnectorEntry, ConnectorsFile } from '../../settings/schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'infra-test-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const bundle = join(folder, 'bundle');

/** What is not looked at where a test says nothing of it. */
const usual = { notify: { subscribedElsewhere: true }, operators: ['arn:aws:iam::111122223333:role/oncall'] } as const;

/** The app for some connectors, of which people hear by other means unless it says otherwise. What the function does is not looked at here, so its bundle holds nothing. */
export function appFor(file: ConnectorsFile): App {
  writeFileSync(join(makeFolder(bundle), 'index.mjs'), 'export const handler = () => {};\n');
  return buildApp(checkSettings({ ...usual, ...file }, 'connectors.json'), {
    outdir: mkdtempSync(join(folder, 'out-')),
    bundle,
  });
}

export function stacksOf(app: App): Stack[] {
  return app.node.children.filter((child) => Stack.isStack(child));
}

/** The one stack of an app that has only one. */
export function templateFor(file: ConnectorsFile): Template {
  const [stack, ...more] = stacksOf(appFor(file));
  if (stack === undefined || more.length > 0) throw new Error('one stack was expected');
  return Template.fromStack(stack);
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

/** The resources of a type, by logical id. */
export function resources(template: Template, type: string): Record<string, Resource> {
  return template.findResources(type) as Record<string, Resource>;
}

/** The only resource of a type. */
export function only(template: Template, type: string): { readonly id: string } & Resource {
  const [found, ...more] = Object.entries(resources(template, type));
  if (found === undefined || more.length > 0) throw new Error(`one ${type} was expected`);
  return { id: found[0], ...found[1] };
}

const account = { partition: 'aws', region: 'ap-northeast-2', id: '111122223333' };

/** A template's value as it would be deployed: references to the place are filled in, those to resources become `<id>` or `<id.Attribute>`. */
export function deployed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deployed);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join_ } = value as Record<string, unknown>;
  if (typeof ref === 'string') {
    const places: Record<string, string> = {
      'AWS::Partition': account.partition,
      'AWS::Region': account.region,
      'AWS::AccountId': account.id,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return places[ref] ?? `<${ref}>`;
  }
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join_)) return (join_[1] as unknown[]).map(deployed).join(String(join_[0]));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, deployed(inner)]));
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function listed(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The statements of every identity policy that hangs on the function's role. */
export function functionStatements(template: Template): Statement[] {
  const { Role: role } = only(template, 'AWS::Lambda::Function').Properties;
  const roleRef = String(deployed(role)).replace(/\.Arn>$/, '>');
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => Object.values(resources(template, type)))
    .map(({ Properties }) => deployed(Properties) as { Roles: string[]; PolicyDocument: { Statement: Statement[] } })
    .filter(({ Roles }) => Roles.includes(roleRef))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const role = 'arn:aws:iam::111122223333:role/connect-execution';

/** A connector that publishes all there is and gets every alarm. */
export function fullSource(changes: Partial<ConnectorEntry> = {}): ConnectorEntry {
  return {
    name: 'orders-cdc',
    kind: 'mysql',
    connectVersion: '3.7.x',
    executionRoleArn: role,
    logGroup: '/msk-connect/shop',
    heartbeatSeconds: 10,
    metrics: {
      debezium: {
        serverName: 'shop',
        publishes: ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'],
      },
    },
    ...changes,
  };
}

export function sink(changes: Partial<ConnectorEntry> = {}): ConnectorEntry {
  return {
    name: 'orders-to-search',
    kind: 'sink',
    connectVersion: '3.7.x',
    executionRoleArn: role,
    metrics: { lag: { clusterName: 'shop', topics: ['orders'] } },
    ...changes,
  };
}

function makeFolder(path: string): string {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  return path;
}
