import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { exampleAccount } from '../../../local/aws/account.ts';
import { AwsError } from '../../../local/aws/awsError.ts';
import { LocalS3 } from '../../../local/aws/s3.ts';
import { startServer } from '../../../local/aws/server.ts';
import type { LocalService } from '../../../local/aws/service.ts';
import { LocalSns } from '../../../local/aws/sns.ts';

/**
 * Starts the local services and lets boto3 and the AWS CLI at them: `node test/local/aws/foreignClients.ts [PYTHON]`, where that Python
 * has boto3 and awscli installed (default: python3 on the PATH). Ends with the check's own exit code.
 */
const python = process.argv[2] ?? 'python3';
const clock = { now: () => Date.now() };
const sns = new LocalSns({ clock, account: exampleAccount });

const arn =
  'arn:aws:kafkaconnect:eu-central-1:123456789012:connector/orders-cdc/11111111-2222-3333-4444-555555555555-2';

/** Just enough of MSK Connect to see its wire: one connector, and every other ARN unknown. */
const kafkaConnect: LocalService = {
  name: 'kafkaconnect',
  call: async (operation, input) => {
    const connector = {
      connectorArn: arn,
      connectorName: 'orders-cdc',
      connectorState: 'RUNNING',
      creationTime: new Date('2026-11-21T04:00:00.000Z'),
    };
    if (operation === 'ListConnectors') {
      const prefix = input['connectorNamePrefix'];
      const fits = typeof prefix !== 'string' || 'orders-cdc'.startsWith(prefix);
      return { connectors: fits ? [connector] : [] };
    }
    if (input['connectorArn'] === arn && operation === 'DescribeConnector') return connector;
    throw new AwsError('NotFoundException', 404, 'The specified connector does not exist.');
  },
};

const server = await startServer([new LocalS3({ clock }), sns, kafkaConnect]);
const script = fileURLToPath(new URL('foreign-clients.py', import.meta.url));
const child = spawn(python, [script, server.endpoint], { stdio: 'inherit' });
const [code] = (await once(child, 'exit')) as [number | null];
await server.close();

const subjects = sns.inbox().map(({ subject }) => subject);
const heard = subjects.includes('from boto3') && subjects.includes('from the CLI');
if (!heard) console.error(`The inbox holds ${JSON.stringify(subjects)}, not what the clients sent.`);
process.exitCode = code === 0 && heard ? 0 : 1;
