import { App, type AppProps, Stack } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS } from 'aws-cdk-lib/cx-api';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SelfManagedSettings } from '../settings/selfManagedDeploy.ts';
import { bundleSidecars } from './selfManagedBundle.ts';
import { SelfManagedConnect } from './selfManagedConnect.ts';

export interface BuildSelfManagedAppOptions {
  /**
   * Where the cloud assembly is written by `app.synth()`.
   * @default what the CDK command line asks for, or a temporary folder
   */
  readonly outdir?: string;
  /**
   * A folder with `watchdog.mjs` and `registrar.mjs`, made before by `bundleSidecars`.
   * @default bundled now
   */
  readonly bundle?: string;
}

/**
 * The whole second app: one stack. Synthesize it with `app.synth()`. It reads neither the environment nor a network and asks no Docker, so it can be
 * called in a process that does other things as well.
 */
export function buildSelfManagedApp(settings: SelfManagedSettings, options: BuildSelfManagedAppOptions = {}): App {
  const props: AppProps = {
    analyticsReporting: false,
    treeMetadata: false,
    // Here and not in cdk.json, so that the template is the same whoever builds it.
    context: { ...CURRENTLY_RECOMMENDED_FLAGS },
    ...(options.outdir !== undefined && { outdir: options.outdir }),
  };
  const app = new App(props);
  const stack = new Stack(app, settings.stackName, {
    description: 'A self-managed Kafka Connect on ECS Fargate, and the watchdog that brings its connectors back',
  });
  const bundle = options.bundle ?? mkdtempSync(join(tmpdir(), 'connector-recovery-sidecars-'));
  if (options.bundle === undefined) bundleSidecars(bundle);
  const connect = new SelfManagedConnect(stack, 'SelfManaged', { settings, bundle });
  // In a stack of its own the outputs can have the names that people look for.
  for (const [name, output] of Object.entries(connect.outputs)) output.overrideLogicalId(name);
  // It was copied into the cloud assembly when the image was described.
  if (options.bundle === undefined) rmSync(bundle, { recursive: true, force: true });
  return app;
}
