import { Aws } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SelfManagedSettings } from '../settings/selfManagedDeploy.ts';
import { agentFolder } from './selfManagedWorker.ts';

/**
 * The images of a task. They lie in the account's own registry: a worker is replaced in the night, and what replaces it must not wait for somebody
 * else's registry. None of them has a `RUN`, so that Docker makes them for either architecture on any machine. Nothing is built at synth: what
 * lies in the cloud assembly is a folder with a Dockerfile each, which `cdk deploy` hands to Docker.
 */
export function workerImage(scope: Construct, settings: SelfManagedSettings): ContainerImage {
  const { image } = settings.connect;
  if (image.kind === 'own') return ownImage(scope, image.image);
  return built(scope, 'WorkerImage', settings, (folder) => {
    writeFileSync(join(folder, 'jmx.yaml'), jmxConfiguration);
    writeFileSync(join(folder, 'Dockerfile'), workerDockerfile(image.version, settings.kafka.security === 'iam'));
  });
}

/** Of a registry that anybody may read, or of the account's: from there the role that starts the task gets the right to take it. */
function ownImage(scope: Construct, image: string): ContainerImage {
  const found = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.]+\/([^:@]+)[:@](.+)$/.exec(image);
  if (found === null) return ContainerImage.fromRegistry(image);
  const [, account = '', region = '', repositoryName = '', version = ''] = found;
  const repository = Repository.fromRepositoryAttributes(scope, 'OwnImage', {
    repositoryName,
    repositoryArn: `arn:${Aws.PARTITION}:ecr:${region}:${account}:repository/${repositoryName}`,
  });
  return ContainerImage.fromEcrRepository(repository, version);
}

/** The watchdog and the registrar. @param bundle a folder with `watchdog.mjs` and `registrar.mjs` */
export function watchdogImage(scope: Construct, settings: SelfManagedSettings, bundle: string): ContainerImage {
  return built(scope, 'WatchdogImage', settings, (folder) => {
    cpSync(bundle, join(folder, 'app'), { recursive: true });
    writeFileSync(
      join(folder, 'Dockerfile'),
      [
        `FROM public.ecr.aws/docker/library/node:${nodeVersion()}-bookworm-slim`,
        'COPY --chmod=0555 app/ /app/',
        'WORKDIR /',
        '# Of the image: it may do nothing but read.',
        'USER node',
        'CMD ["node", "/app/watchdog.mjs"]',
        '',
      ].join('\n'),
    );
  });
}

function built(
  scope: Construct,
  id: string,
  settings: SelfManagedSettings,
  write: (folder: string) => void,
): ContainerImage {
  const folder = mkdtempSync(join(tmpdir(), 'connector-recovery-image-'));
  write(folder);
  const asset = new DockerImageAsset(scope, id, {
    directory: folder,
    platform: settings.connect.architecture === 'arm64' ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
  });
  // It was copied into the cloud assembly when the asset was made.
  rmSync(folder, { recursive: true, force: true });
  return ContainerImage.fromDockerImageAsset(asset);
}

/** Of Maven's central repository. The sums were taken of what Maven fetched and checked. */
const jars = {
  agent: {
    url: 'https://repo1.maven.org/maven2/io/prometheus/jmx/jmx_prometheus_javaagent/1.0.1/jmx_prometheus_javaagent-1.0.1.jar',
    sha256: '7d61f737fd661610ccc14aea79764faa1ea94a340cbc8f0029b3d2edea3d80c1',
  },
  /** Beside Kafka's own jars: the worker's clients, not only those of a plugin, log in with it. */
  iam: {
    url: 'https://repo1.maven.org/maven2/software/amazon/msk/aws-msk-iam-auth/2.3.5/aws-msk-iam-auth-2.3.5-all.jar',
    sha256: 'bcd6020ce1ca2c3f1a65e087057dc8c0757185ba1f169b38e0eda54b617e4225',
  },
} as const;

function workerDockerfile(version: string, iam: boolean): string {
  const add = ({ url, sha256 }: { readonly url: string; readonly sha256: string }, to: string) =>
    `ADD --checksum=sha256:${sha256} --chmod=0444 ${url} ${to}`;
  return [
    `FROM quay.io/debezium/connect:${version}`,
    "# Debezium's image has no Prometheus agent, though its start script knows of one; and that one listens to everybody.",
    add(jars.agent, `${agentFolder}/jmx_prometheus_javaagent.jar`),
    `COPY --chmod=0444 jmx.yaml ${agentFolder}/jmx.yaml`,
    ...(iam ? [add(jars.iam, '/kafka/libs/aws-msk-iam-auth-all.jar')] : []),
    '',
  ].join('\n');
}

/** The Node.js that everything here is tested with. */
function nodeVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { devDependencies } = JSON.parse(text) as { readonly devDependencies: Readonly<Record<string, string>> };
  const { node } = devDependencies;
  if (node === undefined) throw new Error('package.json names no version of node');
  return node;
}

/**
 * Every attribute under one name, with its MBean's in a label, so that no rule hangs on the order in which an MBean names its properties. Only what
 * tells of life is read, so that a look costs the worker a few milliseconds.
 * @see https://prometheus.github.io/jmx_exporter/1.0.1/http-mode/rules/
 */
export const jmxConfiguration = `includeObjectNames:
  - 'debezium.*:type=connector-metrics,*'
  - 'kafka.connect:type=connect-worker-metrics,*'
  - 'kafka.connect:type=connect-worker-rebalance-metrics,*'
  - 'kafka.connect:type=source-task-metrics,*'
  - 'kafka.connect:type=sink-task-metrics,*'
  - 'kafka.producer:type=producer-metrics,client-id=connector-*'
  - 'kafka.consumer:type=consumer-metrics,client-id=connector-*'
  - 'java.lang:type=Memory'
  - 'java.lang:type=OperatingSystem'
rules:
  - pattern: '^([^<]+)<([^>]*)><([^>]*)>([^:]+):'
    name: jmx
    labels:
      domain: '$1'
      properties: '$2'
      composite: '$3'
      attribute: '$4'
`;
