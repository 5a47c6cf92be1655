import * as v from 'valibot';
import { read, tags } from './createRequest.ts';
import { notFound } from './errors.ts';

type Input = Readonly<Record<string, unknown>>;

const tagRequest = v.object({ tags });
const untagRequest = v.object({
  tagKeys: v.union([
    v.array(v.string()),
    v.pipe(
      v.string(),
      v.transform((key) => [key]),
    ),
  ]),
});

/** The tags of every resource, by ARN. */
export class Tags {
  readonly #byArn = new Map<string, Map<string, string>>();

  /** A resource that now exists. */
  register(arn: string, given: Readonly<Record<string, string>>): void {
    this.#byArn.set(arn, new Map(Object.entries(given)));
  }

  /** A resource that is gone. */
  forget(arn: string): void {
    this.#byArn.delete(arn);
  }

  tag(input: Input): Input {
    const existing = this.#of(input['resourceArn']);
    for (const [key, value] of Object.entries(read(tagRequest, input).tags)) existing.set(key, value);
    return {};
  }

  untag(input: Input): Input {
    const existing = this.#of(input['resourceArn']);
    for (const key of read(untagRequest, input).tagKeys) existing.delete(key);
    return {};
  }

  list(input: Input): Input {
    return { tags: Object.fromEntries(this.#of(input['resourceArn'])) };
  }

  #of(arn: unknown): Map<string, string> {
    const existing = this.#byArn.get(String(arn));
    if (existing === undefined) throw notFound('resource', String(arn));
    return existing;
  }
}
