import { App, type AppProps, Stack } from 'aws-cdk-lib';
import { CURRENTLY_RECOMMENDED_FLAGS, DEFAULT_CROSS_STACK_REFERENCES } from 'aws-cdk-lib/cx-api';
import type { ConnectorSettings, Settings } from '../settings/connectorSettings.ts';
import { ConnectorAlarms } from './connectorAlarms.ts';
import { alarmsId, ConnectorRecovery } from './connectorRecovery.ts';

export interface BuildAppOptions {
  /**
   * Where the cloud assembly is written by `app.synth()`.
   * @default what the CDK command line asks for, or a temporary folder
   */
  readonly outdir?: string;
  /**
   * A folder with the function's bundle, made before by `bundleFunction`.
   * @default bundled now
   */
  readonly bundle?: string;
}

/** CloudFormation takes 500; the rest is for what a user's own additions may bring. */
const resourcesPerStack = 400;
/** Function, topic, bucket, policies, rule, sweep, and the like. */
const resourcesBesideConnectors = 60;

/**
 * The whole app: one stack, and `<stackName>-alarms-2`, ... for the alarms that do not fit into it. Synthesize it with `app.synth()`.
 * It reads neither the environment nor a network, so it can be called in a process that does other things as well.
 */
export function buildApp(settings: Settings, options: BuildAppOptions = {}): App {
  const props: AppProps = {
    analyticsReporting: false,
    treeMetadata: false,
    // Here and not in cdk.json, so that the template is the same whoever builds it.
    // References between the stacks stay strong: the topic cannot go while alarms elsewhere still need it.
    context: { ...CURRENTLY_RECOMMENDED_FLAGS, [DEFAULT_CROSS_STACK_REFERENCES]: 'strong' },
    ...(options.outdir !== undefined && { outdir: options.outdir }),
  };
  const app = new App(props);
  const { stackName } = settings;
  const [first = [], ...further] = shares(settings.connectors);
  const stack = new Stack(app, stackName, { description: 'Brings silent Kafka Connect connectors back' });
  const recovery = new ConnectorRecovery(stack, 'ConnectorRecovery', {
    settings,
    alarmsOf: first.map(({ name }) => name),
    ...(options.bundle !== undefined && { bundle: options.bundle }),
  });
  // In a stack of its own the outputs can have the names that people look for.
  for (const [name, output] of Object.entries(recovery.outputs)) output.overrideLogicalId(name);
  for (const [index, connectors] of further.entries()) {
    const alarms = new Stack(app, `${stackName}-alarms-${index + 2}`, {
      description: `Alarms of ${connectors.length} more connectors of ${stackName}`,
    });
    for (const connector of connectors) {
      new ConnectorAlarms(alarms, alarmsId(connector), { stackName, connector, topic: recovery.topic });
    }
  }
  return app;
}

/**
 * The connectors by the stack that their alarms lie in, in the order of the file: a new one at its end moves no other. An alarm that
 * moved to another stack would be refused there, for its name is still taken [inferred]. The schedules all lie in the first, beside the function.
 */
function shares(connectors: readonly ConnectorSettings[]): ConnectorSettings[][] {
  const schedules = connectors.filter(({ preventiveRestart }) => preventiveRestart !== undefined).length;
  const stacks: ConnectorSettings[][] = [[]];
  let left = resourcesPerStack - resourcesBesideConnectors - schedules;
  for (const connector of connectors) {
    const resources =
      connector.signals.length + (connector.signals.some(({ signal }) => signal === 'offset-commits') ? 1 : 0);
    if (resources > left) {
      stacks.push([]);
      left = resourcesPerStack;
    }
    stacks.at(-1)?.push(connector);
    left -= resources;
  }
  return stacks;
}
