import { DescribeConnectorCommand, RestartConnectorCommand } from '@aws-sdk/client-kafkaconnect';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { TimedOut } from '../../../cli/chaos/callFaults.ts';
import { directClients } from '../../../cli/chaos/directClients.ts';
import { failureOf } from '../../../tell/awsErrors.ts';
import { AwsError } from '../../../local/aws/awsError.ts';
import { AnswerDropped } from '../../../local/aws/calls.ts';
import { VirtualClock } from '../../../local/virtualClock.ts';
import { liveIn } from '../../../local/virtualGlobals.ts';

let giveBack: () => void = () => undefined;
afterEach(() => giveBack());

/** Clients whose every call fails so, and how often they called. */
function failing(failure: () => Error) {
  const clock = new VirtualClock();
  giveBack = liveIn(clock);
  let calls = 0;
  const clients = directClients(async () => {
    calls += 1;
    throw failure();
  });
  const outcome = async (sent: Promise<unknown>) => {
    const [ended] = await Promise.all([Promise.allSettled([sent]), clock.advanceBy(120_000)]);
    const [how] = ended;
    return { ...failureOf(how.status === 'rejected' ? how.reason : 'it did not fail'), calls };
  };
  return { clients, outcome };
}

const describeIt = new DescribeConnectorCommand({ connectorArn: 'arn' });

describe('the direct clients fail as those of the SDK do', () => {
  it.each([
    [
      'a throttled read is tried four times',
      () => new AwsError('TooManyRequestsException', 429, ''),
      'TooManyRequestsException',
      429,
      4,
    ],
    ['so is one that nobody answers', () => new AnswerDropped(), 'AnswerDropped', undefined, 4],
    ['and one whose time is up', () => new TimedOut(), 'TimeoutError', undefined, 4],
    [
      'and one that met a fault of the service',
      () => new AwsError('InternalServerErrorException', 500, ''),
      'InternalServerErrorException',
      500,
      4,
    ],
    [
      'what is refused is not tried again',
      () => new AwsError('ForbiddenException', 403, ''),
      'ForbiddenException',
      403,
      1,
    ],
  ] as const)('%s', async (_what, error, name, status, calls) => {
    const { clients, outcome } = failing(error);
    const found = await outcome(clients.kafkaConnect.send(describeIt));
    expect(found).toMatchObject({ name, status, calls, attempts: calls });
  });

  it('what changes something is sent once', async () => {
    const { clients, outcome } = failing(() => new AnswerDropped());
    const found = await outcome(clients.kafkaConnectOnce.send(new RestartConnectorCommand({ connectorArn: 'arn' })));
    expect(found).toMatchObject({ calls: 1, attempts: 1 });
  });

  it('a HEAD has no body to name its error in', async () => {
    const { clients, outcome } = failing(() => new AwsError('AccessDenied', 403, 'Access Denied'));
    const found = await outcome(clients.s3.send(new HeadObjectCommand({ Bucket: 'b', Key: 'k' })));
    expect(found).toMatchObject({ status: 403 });
    expect(found.name).not.toBe('AccessDenied');
  });

  it('an object comes as a stream', async () => {
    const clients = directClients(async () => ({ Body: Buffer.from('text'), ETag: '"1"' }));
    const { Body, ETag } = await clients.s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
    expect([await Body?.transformToString(), ETag]).toEqual(['text', '"1"']);
  });
});
