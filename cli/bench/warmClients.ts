import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListConnectorsCommand } from '@aws-sdk/client-kafkaconnect';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { PublishCommand } from '@aws-sdk/client-sns';
import { createClients } from '../../lambda/clients.ts';
import { endpointOf } from '../../local/aws/endpoint.ts';
import { inProcessHandler } from '../../local/aws/inProcess.ts';

let warm: Promise<void> | undefined;

/**
 * Lets the SDK and the function read the files that they read once for each thread (a person's AWS profile, versions for a user agent, the check). That takes real time,
 * in which a virtual clock would run on; afterwards a call is nothing but promises, and the clock stands while it is made.
 */
export function warmClients(): Promise<void> {
  warm ??= callEachOnce();
  return warm;
}

async function callEachOnce(): Promise<void> {
  // The one part of the function that is loaded when it is needed.
  await import('../../lambda/readinessCheck.ts');
  // Nobody is there: every call is answered with an error, which is enough.
  const clients = createClients(inProcessHandler(await endpointOf([])));
  await Promise.allSettled([
    clients.kafkaConnect.send(new ListConnectorsCommand({})),
    clients.s3.send(new GetObjectCommand({ Bucket: 'none', Key: 'none' })),
    clients.sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:111122223333:none', Message: 'none' })),
    clients.logs.send(new FilterLogEventsCommand({ logGroupName: 'none' })),
    clients.cloudWatch.send(new DescribeAlarmsCommand({})),
    clients.lambda.send(new InvokeCommand({ FunctionName: 'none' })),
  ]);
  for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
}
