import { AwsError } from '../../local/aws/awsError.ts';
import { AnswerDropped } from '../../local/aws/calls.ts';
import type { LocalService } from '../../local/aws/service.ts';
import type { Befall, CallFault, Outage } from './history.ts';
import { plantedSecret } from './requests.ts';

/** No answer came in the time that the client waits (10 s); the call may have been carried out. */
export class TimedOut extends AnswerDropped {
  constructor() {
    super();
    this.name = 'TimeoutError';
    this.message = 'Request did not complete in time.';
  }
}

const reads = new Set([
  'ListConnectors',
  'DescribeConnector',
  'ListConnectorOperations',
  'ListTagsForResource',
  'DescribeWorkerConfiguration',
  'GetObject',
  'HeadObject',
  'ListObjectsV2',
  'GetMetricData',
  'FilterLogEvents',
  'DescribeAlarms',
]);

const callFaultKinds: ReadonlySet<string> = new Set<CallFault['kind']>([
  'dies-before',
  'dies-during',
  'dies-after',
  'falls-silent',
  'answer-lost',
  'timeout',
  'timeout-but-done',
  'acts-late',
  'throttled',
  'error-500',
  'error-500-but-done',
  'error-503',
  'pauses-before',
  'pauses-after',
  'slow',
]);

export function isCallFault(befall: Befall): befall is CallFault {
  return callFaultKinds.has(befall.kind);
}

/** Whether an operation is one of those that a fault names: `*`, `read`, `change`, or one by its name. */
export function concerns(on: string, operation: string): boolean {
  if (on === '*') return true;
  if (on === 'read') return reads.has(operation);
  if (on === 'change') return !reads.has(operation);
  return on === operation;
}

/** The calls that an outage refuses, and with which error; `undefined`: not this one. */
export function refusedBy(outage: Outage, service: LocalService['name'], operation: string): AwsError | undefined {
  if (!('code' in outage)) return undefined;
  const isHit = {
    'creation-refused': operation === 'CreateConnector',
    'deletion-refused': operation === 'DeleteConnector',
    'restart-refused': operation === 'RestartConnector',
    's3-refuses': service === 's3',
    's3-unavailable': service === 's3',
    'sns-refuses': service === 'sns',
    'sns-unavailable': service === 'sns',
    'connect-unavailable': service === 'kafkaconnect',
    'connect-throttles': service === 'kafkaconnect',
    'signs-unreadable': operation === 'GetMetricData' || operation === 'FilterLogEvents',
  }[outage.kind];
  // A service repeats what it refuses, secrets and all.
  const repeated = operation === 'CreateConnector' ? ` Invalid value ${plantedSecret} for database.password.` : '';
  return isHit ? new AwsError(outage.code, outage.status, `Refused: ${outage.kind}.${repeated}`) : undefined;
}

/** The error that a fault of a single call answers with, in the words of that service. */
export function errorOf(kind: CallFault['kind'], service: LocalService['name']): AwsError {
  if (kind === 'throttled') {
    if (service === 's3') return new AwsError('SlowDown', 503, 'Please reduce your request rate.');
    return service === 'kafkaconnect' || service === 'lambda'
      ? new AwsError('TooManyRequestsException', 429, 'Too many requests.')
      : new AwsError('ThrottlingException', 400, 'Rate exceeded.');
  }
  if (kind === 'error-503') return new AwsError('ServiceUnavailableException', 503, 'The service is unavailable.');
  const code = service === 's3' ? 'InternalError' : 'InternalServerErrorException';
  return new AwsError(code, 500, 'An internal error occurred.');
}
