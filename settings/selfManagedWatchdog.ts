import type { SelfManagedSettings } from './selfManagedDeploy.ts';
import type { WatchdogFile } from './watchdogSchema.ts';

/** The names and ports that the containers of one task agree on; all of them share its network. */
export const task = {
  restPort: 8083,
  jmxPort: 9404,
  watchdogPort: 8089,
  /** What the watchdog's sidecar reads its `watchdog.json` from. */
  settings: 'WATCHDOG_SETTINGS',
  /** The broker's credentials, where it asks for some. */
  brokerUser: 'BROKER_USERNAME',
  brokerPassword: 'BROKER_PASSWORD',
} as const;

/** Where the stack's bucket holds what. */
export const places = {
  /** `connectors/<name>.json`: what a person wants registered. */
  wanted: 'connectors/',
  /** `registered/<name>.json`: what became of it. */
  registered: 'registered/',
  /** All that the watchdog remembers. */
  watchdog: 'watchdog/',
} as const;

/** What exists once it is deployed. */
export interface Deployed {
  readonly bucket: string;
  readonly topicArn: string;
  readonly cluster: string;
  readonly service: string;
}

/** The `watchdog.json` of the sidecar: each sees the whole Kafka Connect cluster by the worker beside it. */
export function watchdogFileOf(settings: SelfManagedSettings, deployed: Deployed): WatchdogFile {
  const { kafka, connect, watchdog, stackName } = settings;
  const { connectors, except, others, webhooks, ...rest } = watchdog;
  const seesJmx = connect.image.kind === 'debezium' || connect.image.jmxAgent !== undefined;
  const scram =
    kafka.security === 'scram'
      ? ({
          sasl: { mechanism: 'SCRAM-SHA-512', userEnv: task.brokerUser, passwordEnv: task.brokerPassword },
        } as const)
      : {};
  return {
    name: stackName,
    clusters: [
      {
        name: stackName,
        urls: [`http://127.0.0.1:${task.restPort}`],
        ...(connectors && { connectors }),
        ...(except && { except }),
        ...(seesJmx && { prometheus: { urls: [`http://127.0.0.1:${task.jmxPort}/metrics`] } }),
        // MSK's IAM authentication is a login of its own, which the watchdog does not speak: without Kafka it does not see the lag of sinks.
        ...(kafka.security !== 'iam' && {
          kafka: {
            bootstrapServers: kafka.bootstrapServers,
            ...(kafka.security !== 'plaintext' && { tls: {} }),
            ...scram,
          },
        }),
        workers: {
          replace: { kind: 'ecs', cluster: deployed.cluster, service: deployed.service },
          ...(others && { others }),
        },
        offsetFlushSeconds: connect.flushSeconds,
      },
    ],
    store: { bucket: deployed.bucket, prefix: places.watchdog },
    tell: {
      topicArn: deployed.topicArn,
      ...(webhooks && { webhooks: webhooks.map(({ secret, format }) => ({ urlEnv: secret, format })) }),
    },
    listen: { host: '127.0.0.1', port: task.watchdogPort },
    ...rest,
  };
}
