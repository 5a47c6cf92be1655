import * as v from 'valibot';
import type { LocalClock } from '../clock.ts';
import type { Arns } from './arns.ts';
import { read, tags } from './createRequest.ts';
import { badRequest, connectError, notFound } from './errors.ts';
import { page } from './paging.ts';
import { parseProperties } from './properties.ts';
import type { Tags } from './tags.ts';

type Input = Readonly<Record<string, unknown>>;

const request = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  description: v.optional(v.string()),
  propertiesFileContent: v.pipe(v.string(), v.minLength(1)),
  tags: v.optional(tags),
});

interface WorkerConfiguration {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly createdAt: Date;
  /** Base64 of a Java properties file, as it came. */
  readonly content: string;
}

/** The worker configurations of the account. MSK Connect has no way to make a second revision, so each has one. */
export class WorkerConfigurations {
  readonly #byArn = new Map<string, WorkerConfiguration>();
  readonly #clock: LocalClock;
  readonly #arns: Arns;
  readonly #tags: Tags;

  constructor(clock: LocalClock, arns: Arns, tagging: Tags) {
    this.#clock = clock;
    this.#arns = arns;
    this.#tags = tagging;
  }

  create(input: Input): Input {
    const asked = read(request, input);
    if (!isBase64(asked.propertiesFileContent)) throw badRequest('propertiesFileContent', 'expected base64');
    if ([...this.#byArn.values()].some(({ name }) => name === asked.name)) {
      throw connectError('ConflictException', 'A resource with this name already exists.');
    }
    const configuration: WorkerConfiguration = {
      arn: this.#arns.of('worker-configuration', asked.name),
      name: asked.name,
      ...(asked.description !== undefined && { description: asked.description }),
      createdAt: new Date(this.#clock.now()),
      content: asked.propertiesFileContent,
    };
    this.#byArn.set(configuration.arn, configuration);
    this.#tags.register(configuration.arn, asked.tags ?? {});
    const { description: _, ...answer } = summary(configuration);
    return answer;
  }

  describe(input: Input): Input {
    const configuration = this.#get(input['workerConfigurationArn']);
    return {
      ...summary(configuration),
      latestRevision: { ...revision(configuration), propertiesFileContent: configuration.content },
    };
  }

  list(input: Input): Input {
    const prefix = typeof input['namePrefix'] === 'string' ? input['namePrefix'] : '';
    const named = [...this.#byArn.values()].filter(({ name }) => name.startsWith(prefix)).map(summary);
    const { items, ...token } = page(named, input['maxResults'], input['nextToken']);
    return { workerConfigurations: items, ...token };
  }

  /** Connectors that run on it go on; they cannot be created again [inferred]. */
  delete(input: Input): Input {
    const { arn } = this.#get(input['workerConfigurationArn']);
    this.#byArn.delete(arn);
    this.#tags.forget(arn);
    return { workerConfigurationArn: arn, workerConfigurationState: 'DELETING' };
  }

  /**
   * The properties that a connector names.
   * @throws AwsError BadRequestException when there is no such configuration or revision.
   */
  propertiesOf(arn: string, wanted: number): Readonly<Record<string, string>> {
    const configuration = this.#byArn.get(arn);
    if (configuration === undefined) throw badRequest('workerConfiguration.workerConfigurationArn', `no such ${arn}`);
    if (wanted !== 1) throw badRequest('workerConfiguration.revision', `${arn} has no revision ${wanted}`);
    return parseProperties(Buffer.from(configuration.content, 'base64').toString('utf8'));
  }

  #get(arn: unknown): WorkerConfiguration {
    const configuration = this.#byArn.get(String(arn));
    if (configuration === undefined) throw notFound('worker configuration', String(arn));
    return configuration;
  }
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

function revision(configuration: WorkerConfiguration): Input {
  return {
    creationTime: configuration.createdAt,
    ...(configuration.description !== undefined && { description: configuration.description }),
    revision: 1,
  };
}

function summary(configuration: WorkerConfiguration): Input {
  return {
    creationTime: configuration.createdAt,
    ...(configuration.description !== undefined && { description: configuration.description }),
    latestRevision: revision(configuration),
    name: configuration.name,
    workerConfigurationArn: configuration.arn,
    workerConfigurationState: 'ACTIVE',
  };
}
