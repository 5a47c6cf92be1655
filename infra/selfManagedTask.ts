import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  ContainerDependencyCondition,
  type ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDriver,
  OperatingSystemFamily,
  Secret as ContainerSecret,
} from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { connectMiB, registrarMiB, watchdogMiB } from '../settings/fargate.ts';
import type { SecretSettings, SelfManagedSettings } from '../settings/selfManagedDeploy.ts';
import { type Deployed, places, task, watchdogFileOf } from '../settings/selfManagedWatchdog.ts';
import { startScript, webhookSecrets, workerEnvironment } from './selfManagedWorker.ts';

export interface SelfManagedTaskProps {
  readonly settings: SelfManagedSettings;
  readonly images: { readonly worker: ContainerImage; readonly watchdog: ContainerImage };
  readonly deployed: Deployed;
  readonly role: IRole;
}

/** One task: a worker, the watchdog beside it, and the registrar, which share a network and nothing else. */
export class SelfManagedTask extends Construct {
  readonly definition: FargateTaskDefinition;
  /** The watchdog's own log: its rounds and its deeds are counted there. */
  readonly watchdogLog: LogGroup;

  constructor(scope: Construct, id: string, props: SelfManagedTaskProps) {
    super(scope, id);
    const { settings, images, deployed, role } = props;
    const { connect, executeCommand, stackName } = settings;
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      family: stackName,
      cpu: connect.cpu,
      memoryLimitMiB: connect.memoryMiB,
      taskRole: role,
      runtimePlatform: {
        cpuArchitecture: connect.architecture === 'arm64' ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    const secrets = new Secrets(this, 'Secrets', settings);
    const worker = this.definition.addContainer('worker', {
      image: images.worker,
      essential: true,
      entryPoint: ['/bin/bash', '-c'],
      command: [startScript],
      environment: workerEnvironment(settings),
      secrets: secrets.ofWorker(),
      memoryLimitMiB: connectMiB(connect.memoryMiB),
      portMappings: [{ containerPort: task.restPort }],
      logging: LogDriver.awsLogs({ streamPrefix: 'worker', logGroup: this.#log('WorkerLog', settings.logDays) }),
      healthCheck: {
        // Whether the process answers at all. Not whether its group or the brokers do: a new worker would stand before the same brokers. What lies
        // beyond is the watchdog's to judge.
        command: [
          'CMD-SHELL',
          `curl --silent --fail --max-time 5 --output /dev/null http://127.0.0.1:${task.restPort}/`,
        ],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(10),
        retries: 5,
        // Plugins are looked through before the REST interface answers, and the internal topics are read.
        startPeriod: Duration.seconds(300),
      },
      // Fargate's longest. Kafka Connect stops its tasks and commits in `shutdownSeconds`, and leaves its group; what hangs is ended then.
      stopTimeout: Duration.seconds(120),
    });
    this.watchdogLog = this.#log('WatchdogLog', settings.logDays);
    const watchdog = this.definition.addContainer('watchdog', {
      image: images.watchdog,
      // Data must flow whether or not it is watched: where the watchdog dies, the worker lives on. ECS starts it again (not the task), people hear
      // of its silence by an alarm, and what it had begun is in its journal.
      essential: false,
      enableRestartPolicy: true,
      restartAttemptPeriod: Duration.seconds(60),
      command: ['node', '/app/watchdog.mjs', '--settings', `env:${task.settings}`],
      environment: {
        [task.settings]: Stack.of(this).toJsonString(watchdogFileOf(settings, deployed)),
        AWS_REGION: Aws.REGION,
        NODE_OPTIONS: `--max-old-space-size=${Math.floor(watchdogMiB * 0.7)}`,
      },
      secrets: secrets.ofWatchdog(),
      memoryLimitMiB: watchdogMiB,
      readonlyRootFilesystem: !executeCommand,
      logging: LogDriver.awsLogs({ streamPrefix: 'watchdog', logGroup: this.watchdogLog }),
      healthCheck: {
        command: [
          'CMD',
          'node',
          '-e',
          `fetch('http://127.0.0.1:${task.watchdogPort}/healthz',{signal:AbortSignal.timeout(4000)}).then(a=>process.exit(a.ok?0:1),()=>process.exit(1))`,
        ],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(10),
        retries: 3,
        startPeriod: Duration.seconds(60),
      },
      stopTimeout: Duration.seconds(10),
    });
    const registrar = this.definition.addContainer('registrar', {
      image: images.watchdog,
      // As the watchdog: without it nothing new is registered, and what is registered runs.
      essential: false,
      enableRestartPolicy: true,
      restartAttemptPeriod: Duration.seconds(60),
      command: ['node', '/app/registrar.mjs'],
      environment: {
        REGISTRAR_URL: `http://127.0.0.1:${task.restPort}`,
        REGISTRAR_BUCKET: deployed.bucket,
        REGISTRAR_WANTED: places.wanted,
        REGISTRAR_REGISTERED: places.registered,
        AWS_REGION: Aws.REGION,
        NODE_OPTIONS: `--max-old-space-size=${Math.floor(registrarMiB * 0.6)}`,
      },
      memoryLimitMiB: registrarMiB,
      readonlyRootFilesystem: !executeCommand,
      logging: LogDriver.awsLogs({ streamPrefix: 'registrar', logGroup: this.#log('RegistrarLog', settings.logDays) }),
      stopTimeout: Duration.seconds(10),
    });
    secrets.letDecrypt(this.definition.obtainExecutionRole());
    // In the other order when the task ends: the watchdog first, so that it takes no orderly end for a worker that went silent.
    for (const beside of [watchdog, registrar]) {
      beside.addContainerDependencies({ container: worker, condition: ContainerDependencyCondition.START });
    }
  }

  #log(id: string, days: SelfManagedSettings['logDays']): LogGroup {
    return new LogGroup(this, id, { retention: retention[days], removalPolicy: RemovalPolicy.DESTROY });
  }
}

const retention: Readonly<Record<SelfManagedSettings['logDays'], RetentionDays>> = {
  7: RetentionDays.ONE_WEEK,
  14: RetentionDays.TWO_WEEKS,
  30: RetentionDays.ONE_MONTH,
  90: RetentionDays.THREE_MONTHS,
  180: RetentionDays.SIX_MONTHS,
  365: RetentionDays.ONE_YEAR,
  731: RetentionDays.TWO_YEARS,
};

/** What containers get of Secrets Manager: each only what it needs. */
class Secrets extends Construct {
  readonly #settings: SelfManagedSettings;
  readonly #known = new Map<string, ContainerSecret>();
  readonly #decrypting = new Set<string>();

  constructor(scope: Construct, id: string, settings: SelfManagedSettings) {
    super(scope, id);
    this.#settings = settings;
  }

  ofWorker(): Record<string, ContainerSecret> {
    const ofWebhooks = webhookSecrets(this.#settings);
    return { ...this.#brokers(), ...this.#named((name) => !ofWebhooks.has(name)) };
  }

  ofWatchdog(): Record<string, ContainerSecret> {
    const ofWebhooks = webhookSecrets(this.#settings);
    return { ...this.#brokers(), ...this.#named((name) => ofWebhooks.has(name)) };
  }

  /** Secrets Manager decrypts on the account of whoever reads: the role that starts the task. An imported key's own policy is not ours to change. */
  letDecrypt(role: IRole): void {
    if (this.#decrypting.size === 0) return;
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [...this.#decrypting],
        conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com` } },
      }),
    );
  }

  #named(chosen: (name: string) => boolean): Record<string, ContainerSecret> {
    const { secrets } = this.#settings;
    return Object.fromEntries(
      Object.entries(secrets).flatMap(([name, secret]) => (chosen(name) ? [[name, this.#secret(name, secret)]] : [])),
    );
  }

  #brokers(): Record<string, ContainerSecret> {
    const { kafka } = this.#settings;
    if (kafka.security !== 'scram') return {};
    const { secretArn, keyArn } = kafka;
    return {
      [task.brokerUser]: this.#secret(task.brokerUser, { secretArn, keyArn, field: 'username' }),
      [task.brokerPassword]: this.#secret(task.brokerPassword, { secretArn, keyArn, field: 'password' }),
    };
  }

  #secret(name: string, { secretArn, keyArn, field }: SecretSettings): ContainerSecret {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (keyArn !== undefined) this.#decrypting.add(keyArn);
    const made = ContainerSecret.fromSecretsManager(Secret.fromSecretCompleteArn(this, name, secretArn), field);
    this.#known.set(name, made);
    return made;
  }
}
