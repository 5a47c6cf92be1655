import type { LocalService } from '../service.ts';
import type { WireRequest } from './protocol.ts';

type ServiceName = LocalService['name'];

const byTarget: readonly (readonly [string, ServiceName])[] = [
  ['Logs_', 'logs'],
  ['GraniteServiceVersion', 'monitoring'],
  ['AWSEvents', 'events'],
];

const byPath: readonly (readonly [RegExp, ServiceName])[] = [
  [/^\/v1\/(connectors|connectorOperations|custom-plugins|worker-configurations|tags)(\/|$)/, 'kafkaconnect'],
  [/^\/20\d\d-\d\d-\d\d\/(functions|tags)(\/|$)/, 'lambda'],
  [/^\/schedule(s|-groups)(\/|$)/, 'scheduler'],
];

/**
 * Which service a request is for: the signature's scope says it (`Credential=key/date/region/service/aws4_request`); an unsigned
 * request is told by its target or path, and what is left goes to S3.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function addressee(request: WireRequest, known: ReadonlySet<string>): ServiceName {
  const credential =
    /Credential=([^,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? request.query.get('X-Amz-Credential');
  const signed = credential?.split('/').at(-2);
  if (signed !== undefined && known.has(signed)) return signed as ServiceName;
  const target = request.headers['x-amz-target'] ?? '';
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return (
    byTarget.find(([prefix]) => target.startsWith(prefix))?.[1] ??
    byPath.find(([path]) => path.test(request.path))?.[1] ??
    (isForm ? 'sns' : 's3')
  );
}
