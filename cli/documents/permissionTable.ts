import { type PermissionTarget, permissions } from '../../lambda/permissions.ts';
import { table } from './between.ts';

const targets: Readonly<Record<PermissionTarget, string>> = {
  any: '`*`',
  connector: 'the configured connectors, by name',
  'connector-operation': 'their operations',
  'worker-configuration': 'worker configurations of the account and Region',
  pinning: '`*`, only where a connector has `offsets: pin-default-topic`',
  'custom-plugin': 'custom plugins of the account and Region',
  'execution-role': 'the `executionRoleArn` of each connector',
  'saved-config': 'the place of each `savedConfig` in a bucket of yours',
  'stack-bucket':
    '`connectors/`, `journals/`, `orders/`, `backups/`, `sweep.json`, `hold.json` and `readiness.json` in the stack’s bucket',
  'log-group': 'the `logGroup` of each connector',
  topic: 'the topic',
  'topic-key': 'the topic’s customer-managed key',
  itself: 'the function itself',
};

/** The function's permissions for docs/permissions.md, from the table that its policy is built of. */
export function permissionTable(): string {
  return table(
    ['actions', 'on', 'called by us', 'why'],
    permissions.map(({ actions, on, calledAs, condition, why }) => [
      actions.map((action) => `\`${action}\``).join(', '),
      `${targets[on]}${condition === undefined ? '' : `, if ${conditionOf(condition)}`}`,
      calledAs === undefined ? 'no: AWS checks it on the caller of another call' : 'yes',
      why,
    ]),
  );
}

function conditionOf(condition: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const terms = Object.values(condition).flatMap((block) => Object.entries(block));
  return terms.map(([key, value]) => `\`${key}\` is \`${value}\``).join(' and ');
}
