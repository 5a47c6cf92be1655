import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSelfManagedApp } from '../../infra/buildSelfManagedApp.ts';
import { checkSelfManaged } from '../../settings/selfManagedDeploy.ts';
import type { SelfManagedFile } from '../../settings/selfManagedDeploySchema.ts';
import { deployed, only, stacksOf } from './synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'self-managed-test-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** What is not looked at where a test says nothing of it. */
export const usual = {
  notify: { subscribedElsewhere: true },
  operators: ['arn:aws:iam::111122223333:role/oncall'],
  network: {
    vpcId: 'vpc-0123456789abcdef0',
    subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    kafkaSecurityGroupId: 'sg-0123456789abcdef0',
    databases: [{ securityGroupId: 'sg-0123456789abcdef1', port: 3306 }],
  },
  kafka: { security: 'tls', bootstrapServers: ['b-1.shop.example.com:9094', 'b-2.shop.example.com:9094'] },
} as const satisfies SelfManagedFile;

export const scram: Extract<SelfManagedFile['kafka'], { security: 'scram' }> = {
  security: 'scram',
  bootstrapServers: ['b-1.shop.example.com:9096'],
  secretArn: 'arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:AmazonMSK_connect-AbCdEf',
  keyArn: 'arn:aws:kms:ap-northeast-2:111122223333:key/6f1d2c3b-0000-4000-8000-000000000001',
};

export const secrets = {
  DATABASE_PASSWORD: {
    secretArn: 'arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:shop-GhIjKl',
    field: 'password',
  },
} as const;

/** What the sidecars do is not looked at here, so their bundle holds nothing. */
export function selfManagedApp(changes: Partial<SelfManagedFile> = {}): App {
  const bundle = join(folder, 'bundle');
  mkdirSync(bundle, { recursive: true });
  for (const name of ['watchdog.mjs', 'registrar.mjs']) writeFileSync(join(bundle, name), '');
  return buildSelfManagedApp(checkSelfManaged({ ...usual, ...changes }, 'self-managed.json'), {
    outdir: mkdtempSync(join(folder, 'out-')),
    bundle,
  });
}

export function selfManagedTemplate(changes: Partial<SelfManagedFile> = {}): Template {
  const [stack] = stacksOf(selfManagedApp(changes));
  if (stack === undefined) throw new Error('a stack was expected');
  return Template.fromStack(stack);
}

export interface Container {
  readonly Name: string;
  readonly Essential: boolean;
  readonly Image: unknown;
  readonly EntryPoint?: readonly string[];
  readonly Command: readonly string[];
  readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Secrets?: readonly { readonly Name: string; readonly ValueFrom: string }[];
  readonly Memory: number;
  readonly [attribute: string]: unknown;
}

/** A container of the task, as it is deployed. */
export function container(template: Template, name: string): Container {
  const { ContainerDefinitions } = only(template, 'AWS::ECS::TaskDefinition').Properties;
  const found = (deployed(ContainerDefinitions) as Container[]).find(({ Name }) => Name === name);
  if (found === undefined) throw new Error(`a container ${name} was expected`);
  return found;
}

export function environmentOf({ Environment }: Container): Record<string, string> {
  return Object.fromEntries(Environment.map(({ Name, Value }) => [Name, String(Value)]));
}

/** Environment variable → where its value comes from. */
export function secretsOf({ Secrets = [] }: Container): Record<string, string> {
  return Object.fromEntries(Secrets.map(({ Name, ValueFrom }) => [Name, ValueFrom]));
}
