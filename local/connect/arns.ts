import { randomHex, randomUuid, type Random } from '../seededRandom.ts';

type Resource = 'connector' | 'custom-plugin' | 'worker-configuration';

/** Makes ARNs as MSK Connect does: `arn:aws:kafkaconnect:<region>:<account>:connector/<name>/<uuid>-<number>`. */
export class Arns {
  readonly #prefix: string;
  readonly #random: Random;

  constructor(region: string, accountId: string, random: Random) {
    this.#prefix = `arn:aws:kafkaconnect:${region}:${accountId}`;
    this.#random = random;
  }

  /** A new ARN, never given before. */
  of(resource: Resource, name: string): string {
    return `${this.#prefix}:${resource}/${name}/${randomUuid(this.#random)}-2`;
  }

  /** `arn:…:connector-operation/<name>/<connector uuid>/<uuid>`. @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_kafkaconnect.html */
  operation(connectorArn: string): string {
    const [name, id] = connectorArn.split('/').slice(1);
    return `${this.#prefix}:connector-operation/${name}/${id}/${randomUuid(this.#random)}`;
  }

  /** A `currentVersion`. */
  version(): string {
    return `K${randomHex(this.#random, 13).toUpperCase()}`;
  }
}

/** The name that a resource was created with. */
export function nameInArn(arn: string): string {
  return arn.split('/')[1] ?? '';
}
