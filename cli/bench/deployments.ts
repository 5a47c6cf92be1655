import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleAccount } from '../../local/aws/account.ts';
import { functionSettings } from '../../settings/alarmNames.ts';
import type { FunctionSettings } from '../../settings/connectorSettings.ts';
import { checkSettings } from '../../settings/read.ts';
import { cast, logGroup } from '../demonstration/connectors.ts';
import type { Cast } from '../demonstration/connectors.ts';

/** The product synthesized for one connector; what a worker thread needs to deploy it. */
export interface Deployment {
  readonly connector: Cast;
  readonly remedy: 'restart' | 'recreate';
  /** What `cdk synth` wrote. */
  readonly assembly: string;
  readonly settings: FunctionSettings;
}

/** Synthesizes the stack for the connector that a restart cures (Connect 3.7) and for the one that must be recreated (2.7.1), with every default. */
export async function synthesizeDeployments(folder: string): Promise<readonly Deployment[]> {
  return [await synthesizeDeployment(folder, 'restart'), await synthesizeDeployment(folder, 'recreate')];
}

/** Synthesizes one of them. The function's code is left out of the assembly: it runs in this process. */
export async function synthesizeDeployment(folder: string, remedy: Deployment['remedy']): Promise<Deployment> {
  // The CDK is slow to load, and only this needs it.
  const { buildApp } = await import('../../infra/buildApp.ts');
  const bundle = join(folder, 'bundle');
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'index.mjs'), 'export const handler = () => {};\n');
  const connector = cast.find(({ expect }) => expect === (remedy === 'restart' ? 'restarted' : 'recreated'));
  if (connector === undefined) throw new Error(`No connector of the cast is to be ${remedy}ed.`);
  const settings = checkSettings(
    {
      notify: { emails: ['oncall@example.com'] },
      operators: ['arn:aws:iam::111122223333:role/oncall'],
      connectors: [
        {
          name: connector.name,
          kind: 'mysql',
          connectVersion: remedy === 'restart' ? '3.7.x' : '2.7.1',
          executionRoleArn: `arn:aws:iam::${exampleAccount.accountId}:role/connect-execution`,
          logGroup,
          metrics: {
            debezium: {
              serverName: connector.name.replace('-cdc', ''),
              publishes: ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'],
            },
          },
        },
      ],
    },
    'connectors.json',
  );
  const assembly = join(folder, remedy);
  buildApp(settings, { outdir: assembly, bundle }).synth();
  return { connector, remedy, assembly, settings: functionSettings(settings) };
}
