import * as v from 'valibot';
import type { LocalClock } from '../clock.ts';
import type { Arns } from './arns.ts';
import { read, tags } from './createRequest.ts';
import { badRequest, connectError, notFound } from './errors.ts';
import { page } from './paging.ts';
import type { Tags } from './tags.ts';

type Input = Readonly<Record<string, unknown>>;

const request = v.object({
  contentType: v.picklist(['JAR', 'ZIP']),
  description: v.optional(v.string()),
  location: v.object({
    s3Location: v.object({ bucketArn: v.string(), fileKey: v.string(), objectVersion: v.optional(v.string()) }),
  }),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  tags: v.optional(tags),
});

interface CustomPlugin {
  readonly arn: string;
  readonly createdAt: Date;
  readonly asked: v.InferOutput<typeof request>;
}

/** The custom plugins of the account. They are ACTIVE at once, and nobody looks into the file: its size and sum are not told. */
export class CustomPlugins {
  readonly #byArn = new Map<string, CustomPlugin>();
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
    if ([...this.#byArn.values()].some((plugin) => plugin.asked.name === asked.name)) {
      throw connectError('ConflictException', 'A resource with this name already exists.');
    }
    const plugin = { arn: this.#arns.of('custom-plugin', asked.name), createdAt: new Date(this.#clock.now()), asked };
    this.#byArn.set(plugin.arn, plugin);
    this.#tags.register(plugin.arn, asked.tags ?? {});
    return { customPluginArn: plugin.arn, customPluginState: 'ACTIVE', name: asked.name, revision: 1 };
  }

  describe(input: Input): Input {
    const arn = String(input['customPluginArn']);
    const plugin = this.#byArn.get(arn);
    if (plugin === undefined) throw notFound('custom plugin', arn);
    return summary(plugin);
  }

  list(input: Input): Input {
    const prefix = typeof input['namePrefix'] === 'string' ? input['namePrefix'] : '';
    const named = [...this.#byArn.values()].filter(({ asked }) => asked.name.startsWith(prefix)).map(summary);
    const { items, ...token } = page(named, input['maxResults'], input['nextToken']);
    return { customPlugins: items, ...token };
  }

  /** Connectors that run on it go on; they cannot be created again [inferred]. */
  delete(input: Input): Input {
    const arn = String(input['customPluginArn']);
    if (!this.#byArn.delete(arn)) throw notFound('custom plugin', arn);
    this.#tags.forget(arn);
    return { customPluginArn: arn, customPluginState: 'DELETING' };
  }

  /** @throws AwsError BadRequestException when there is no such plugin or revision. */
  check(arn: string, revision: number): void {
    if (!this.#byArn.has(arn)) throw badRequest('plugins.0.customPlugin.customPluginArn', `no such ${arn}`);
    if (revision !== 1) throw badRequest('plugins.0.customPlugin.revision', `${arn} has no revision ${revision}`);
  }
}

function summary({ arn, createdAt, asked }: CustomPlugin): Input {
  const description = asked.description === undefined ? {} : { description: asked.description };
  return {
    creationTime: createdAt,
    customPluginArn: arn,
    customPluginState: 'ACTIVE',
    ...description,
    latestRevision: {
      contentType: asked.contentType,
      creationTime: createdAt,
      ...description,
      location: asked.location,
      revision: 1,
    },
    name: asked.name,
  };
}
