import { isServerError, isThrottlingError, isTransientError, StandardRetryStrategy } from '@smithy/core/retry';
import type { Clients } from '../../lambda/clients.ts';
import { AwsError } from '../../local/aws/awsError.ts';
import type { LocalService } from '../../local/aws/service.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One call at a local service. @throws AwsError, or what stands for a connection that was cut or went silent */
export type ServiceCall = (service: LocalService['name'], operation: string, input: Fields) => Promise<Fields>;

type SdkError = Parameters<typeof isThrottlingError>[0];

interface Sent {
  readonly constructor: { readonly name: string };
  readonly input: Fields;
}

/** As `createClients` of lambda/clients.ts has it. */
const mostAttempts = 4;

/**
 * Clients that hand each command straight to a local service. Beyond the service's own answer there is what callers see of the SDK: the body of
 * an object as a stream, the errors' names and statuses, and its retries, by the SDK's own strategy and its own judgement of what may be retried.
 */
export function directClients(call: ServiceCall): Clients {
  const patient = (service: LocalService['name']) => client(service, call, mostAttempts);
  const clients = {
    kafkaConnect: patient('kafkaconnect'),
    kafkaConnectOnce: client('kafkaconnect', call, 1),
    s3: patient('s3'),
    sns: patient('sns'),
    logs: patient('logs'),
    cloudWatch: patient('monitoring'),
    lambda: patient('lambda'),
  };
  return clients as unknown as Clients;
}

function client(service: LocalService['name'], call: ServiceCall, maxAttempts: number) {
  const strategy = new StandardRetryStrategy({ maxAttempts });
  return {
    async send({ constructor: { name }, input }: Sent): Promise<Fields> {
      const operation = name.slice(0, -'Command'.length);
      let token = await strategy.acquireInitialRetryToken('');
      for (let attempts = 1; ; attempts += 1) {
        try {
          const output = await call(service, operation, input);
          strategy.recordSuccess(token);
          return operation === 'GetObject' ? withStream(output) : output;
        } catch (thrown) {
          const error = sdkError(thrown, operation, attempts);
          try {
            token = await strategy.refreshRetryTokenForRetry(token, { error, errorType: typeOf(error) });
          } catch {
            throw error;
          }
        }
      }
    },
  };
}

function withStream(output: Fields): Fields {
  const body = output['Body'];
  const text = body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : '';
  return { ...output, Body: { transformToString: async () => text } };
}

/** As the SDK would throw it. */
function sdkError(thrown: unknown, operation: string, attempts: number): SdkError {
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SdkError;
  if (!(thrown instanceof AwsError)) return Object.assign(error, { $metadata: { attempts } });
  // The answer to a HEAD has no body to name an error in: the SDK knows a missing object by its status, and calls the rest unknown.
  const isNameless = operation === 'HeadObject' && thrown.status !== 404;
  const seen = new Error(isNameless ? 'UnknownError' : thrown.message) as SdkError;
  seen.name = isNameless ? 'Unknown' : thrown.code;
  return Object.assign(seen, { $metadata: { httpStatusCode: thrown.status, attempts } });
}

/** In the order of the SDK's retry middleware. */
function typeOf(error: SdkError): 'THROTTLING' | 'TRANSIENT' | 'SERVER_ERROR' | 'CLIENT_ERROR' {
  if (isThrottlingError(error)) return 'THROTTLING';
  if (isTransientError(error)) return 'TRANSIENT';
  return isServerError(error) ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}
