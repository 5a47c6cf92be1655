import { exampleAccount } from '../../local/aws/account.ts';
import type { Policy } from '../../recovery/policy.ts';
import { functionSettings } from '../../settings/alarmNames.ts';
import type { ConnectorSettings, FunctionSettings } from '../../settings/connectorSettings.ts';
import { checkSettings } from '../../settings/read.ts';
import type { ConnectorPlan } from './history.ts';
import { hasDebezium, logGroupOf, serverName } from './shown.ts';

export const roleArn = `arn:aws:iam::${exampleAccount.accountId}:role/connect-execution`;
export const stackName = 'connector-recovery';

/** What the product's own reader made of a form of connector; of these there are few, and reading is slow. */
const read = new Map<string, ConnectorSettings>();

/** The settings that the function would be deployed with for these connectors. The product's own reader completes them. */
export function settingsOf(plans: readonly ConnectorPlan[]): FunctionSettings {
  return functionSettings({
    stackName,
    notify: { emails: [] },
    operators: [],
    connectors: plans.map(connectorSettings),
  });
}

function connectorSettings(plan: ConnectorPlan): ConnectorSettings {
  const form = [plan.name, plan.kind, plan.connectVersion, plan.log, plan.exporter, plan.heartbeats].join('|');
  const known = read.get(form) ?? complete(plan);
  read.set(form, known);
  const { policy } = known;
  const own: Policy = {
    ...policy,
    remedies: plan.remedies,
    waits: { ...policy.waits, ...plan.waits },
    limits: { ...policy.limits, ...plan.limits },
    offsets: plan.offsets,
    drift: plan.drift,
  };
  return { ...known, policy: own };
}

function complete(plan: ConnectorPlan): ConnectorSettings {
  const { connectors } = checkSettings(
    {
      stackName,
      notify: { emails: ['oncall@example.com'] },
      connectors: [
        {
          name: plan.name,
          kind: plan.kind,
          connectVersion: plan.connectVersion,
          executionRoleArn: roleArn,
          ...(plan.log ? { logGroup: logGroupOf(plan) } : {}),
          ...(plan.heartbeats ? { heartbeatSeconds: 30 } : {}),
          ...(plan.exporter && plan.kind === 'sink'
            ? { metrics: { lag: { clusterName: 'shop', topics: ['shop.orders'] } } }
            : {}),
          ...(plan.exporter && hasDebezium(plan)
            ? {
                metrics: {
                  debezium: {
                    serverName: serverName(plan),
                    publishes: ['Connected', 'MilliSecondsSinceLastEvent', 'MilliSecondsBehindSource'],
                  },
                },
              }
            : {}),
        },
      ],
    },
    'the settings of a hostile history',
  );
  const [settings] = connectors;
  if (settings === undefined) throw new Error(`No settings for ${plan.name}.`);
  return settings;
}
