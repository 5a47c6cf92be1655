import { badRequest } from './errors.ts';

/**
 * One page of a listing, in the order given. A token is the place where the next page begins, made opaque.
 * @throws AwsError BadRequestException for a token that no page gave out, or a `maxResults` outside 1 to 100.
 */
export function page<Item>(
  items: readonly Item[],
  maxResults: unknown,
  nextToken: unknown,
): { readonly items: readonly Item[]; readonly nextToken?: string } {
  const size = maxResults === undefined ? 100 : Number(maxResults);
  if (!Number.isInteger(size) || size < 1 || size > 100) throw badRequest('maxResults', 'expected 1 to 100');
  const from = nextToken === undefined ? 0 : placeOf(nextToken);
  const found = items.slice(from, from + size);
  return from + size < items.length ? { items: found, nextToken: tokenOf(from + size) } : { items: found };
}

function tokenOf(place: number): string {
  return Buffer.from(`from:${place}`).toString('base64');
}

function placeOf(token: unknown): number {
  const place =
    typeof token === 'string' ? /^from:(\d+)$/.exec(Buffer.from(token, 'base64').toString())?.[1] : undefined;
  if (place === undefined) throw badRequest('nextToken', 'not a token of this listing');
  return Number(place);
}
