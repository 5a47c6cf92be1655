import { AwsError } from './awsError.ts';
import type { LocalService } from './service.ts';

/** A service's operations by name, each with the SDK's own input type. */
export type Handlers = Readonly<Record<string, (input: never) => object | Promise<object>>>;

/**
 * Calls the handler of an operation.
 * @throws AwsError UnknownOperationException for one that the local service does not have, so that nothing is silently answered with success
 */
export async function dispatch(
  service: LocalService['name'],
  handlers: Handlers,
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const handler = Object.hasOwn(handlers, operation) ? handlers[operation] : undefined;
  if (!handler) {
    throw new AwsError('UnknownOperationException', 400, `The local ${service} does not have ${operation}.`);
  }
  return { ...(await handler(input as never)) };
}
