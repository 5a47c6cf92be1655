import { valueOf } from './configuration.ts';
import type { Subject } from './subject.ts';

type Accepts = (value: string) => boolean;
type Settings = Readonly<Record<string, Accepts>>;

/** What a cluster asks of a client that connects to these servers. */
export type Login =
  | { readonly kind: 'none' }
  /** The client's settings, each with what it accepts. */
  | {
      readonly kind: 'asked';
      readonly asks: string;
      readonly settings: Settings;
      /** What a client sets that logs in by OAUTHBEARER instead, where the cluster takes that too. */
      readonly withOAuthBearer?: Settings;
    }
  | { readonly kind: 'unknown'; readonly needs: string };

const is =
  (...values: readonly string[]): Accepts =>
  (value) =>
    values.includes(value.toUpperCase());
const anything: Accepts = () => true;

/** @see https://github.com/aws/aws-msk-iam-auth#configuring-a-kafka-client-to-use-aws-iam */
const iam: Login = {
  kind: 'asked',
  asks: 'the cluster lets clients in by IAM',
  settings: {
    'security.protocol': is('SASL_SSL'),
    'sasl.mechanism': is('AWS_MSK_IAM'),
    'sasl.jaas.config': (value) => value.includes('IAMLoginModule'),
    'sasl.client.callback.handler.class': (value) => value.endsWith('IAMClientCallbackHandler'),
  },
  withOAuthBearer: {
    'security.protocol': is('SASL_SSL'),
    'sasl.mechanism': is('OAUTHBEARER'),
    'sasl.jaas.config': (value) => value.includes('OAuthBearerLoginModule'),
    'sasl.login.callback.handler.class': (value) => value.includes('msk.auth.iam'),
  },
};

const tls: Login = {
  kind: 'asked',
  asks: 'the cluster speaks TLS',
  settings: { 'security.protocol': is('SSL', 'SASL_SSL') },
};

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-password.html */
const scram: Login = {
  kind: 'asked',
  asks: 'the cluster lets clients in by SASL/SCRAM',
  settings: {
    'security.protocol': is('SASL_SSL'),
    'sasl.mechanism': is('SCRAM-SHA-512'),
    'sasl.jaas.config': (value) => value.includes('ScramLoginModule'),
  },
};

/**
 * What MSK's ports mean, the public ones included. Ports are meaning where names of hosts are not.
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html
 */
const mskPorts: Readonly<Record<string, Login>> = {
  '9092': { kind: 'none' },
  '9094': tls,
  '9194': tls,
  '9096': scram,
  '9196': scram,
  '9098': iam,
  '9198': iam,
};

/** What the cluster asks of a client of its own, one that does not inherit the worker's login. */
export function loginOf(subject: Subject, servers: string): Login {
  return subject.platform === 'msk-connect' ? ofMskConnect(subject, servers) : ofWorker(subject);
}

function ofMskConnect(subject: Subject, servers: string): Login {
  const own = portsOf(servers);
  const workers = portsOf(textAt(subject.request, ['kafkaCluster', 'apacheKafkaCluster', 'bootstrapServers']) ?? '');
  const asked = ofAuthentication(subject);
  // The connector's own way in: what it asks of the worker it asks of every client.
  if (own.some((port) => workers.includes(port))) return asked;
  const byPort = own.flatMap((port) => mskPorts[port] ?? []);
  // Another listener, of which only MSK's ports tell something, and 9092 nothing of whether it is open here.
  if (byPort.length > 0 && byPort.every(({ kind }) => kind === 'asked')) return byPort[0] ?? asked;
  if (asked.kind === 'none') return asked;
  return { kind: 'unknown', needs: `what the cluster asks at the port of the schema history (${own.join(', ')})` };
}

function ofAuthentication({ request }: Subject): Login {
  const authentication = textAt(request, ['kafkaClusterClientAuthentication', 'authenticationType']);
  const encryption = textAt(request, ['kafkaClusterEncryptionInTransit', 'encryptionType']);
  if (authentication === 'IAM') return iam;
  if (authentication === 'NONE') return encryption === 'TLS' ? tls : { kind: 'none' };
  return { kind: 'unknown', needs: 'kafkaClusterClientAuthentication' };
}

/**
 * The cluster of self-managed workers asks of everybody what it asks of them.
 * @see https://kafka.apache.org/37/documentation.html#connectconfigs_security.protocol — PLAINTEXT by default
 */
function ofWorker({ facts: { workerProperties } }: Subject): Login {
  if (workerProperties.kind === 'unknown') return workerProperties;
  const protocol = valueOf(workerProperties.value, 'security.protocol')?.toUpperCase() ?? 'PLAINTEXT';
  if (protocol === 'PLAINTEXT') return { kind: 'none' };
  if (protocol === 'SSL') return tls;
  const mechanism = (valueOf(workerProperties.value, 'sasl.mechanism') ?? 'GSSAPI').toUpperCase();
  if (mechanism === 'AWS_MSK_IAM') return iam;
  return {
    kind: 'asked',
    asks: `the cluster asks the workers for ${protocol} with ${mechanism}`,
    settings: {
      'security.protocol': is(protocol),
      'sasl.mechanism': is(mechanism),
      'sasl.jaas.config': anything,
      ...(mechanism === 'OAUTHBEARER' &&
      valueOf(workerProperties.value, 'sasl.login.callback.handler.class') !== undefined
        ? { 'sasl.login.callback.handler.class': anything }
        : {}),
    },
  };
}

function portsOf(servers: string): string[] {
  return [...new Set(servers.split(',').flatMap((server) => /:(\d+)\s*$/.exec(server)?.[1] ?? []))];
}

function textAt(holder: unknown, path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>(
    (one, name) => (typeof one === 'object' && one !== null ? Reflect.get(one, name) : undefined),
    holder,
  );
  return typeof found === 'string' ? found : undefined;
}
