import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { exampleAccount } from '../../../local/aws/account.ts';
import { LocalS3 } from '../../../local/aws/s3.ts';
import { startServer } from '../../../local/aws/server.ts';
import { LocalSns } from '../../../local/aws/sns.ts';
import { MskConnect } from '../../../local/connect/mskConnect.ts';
import { scaledClock } from '../../../local/scaledClock.ts';
import { seededRandom } from '../../../local/seededRandom.ts';
import { idlePlane } from '../connect/fixture.ts';

/**
 * Starts the local services and lets boto3 and the AWS CLI at them: `node test/local/aws/foreignClients.ts [PYTHON]`, where that Python
 * has boto3 and awscli installed (default: python3 on the PATH). Ends with the check's own exit code.
 */
const python = process.argv[2] ?? 'python3';
const clock = scaledClock({ factor: 60 });
const sns = new LocalSns({ clock, account: exampleAccount });
const connect = new MskConnect({
  clock,
  random: seededRandom(1),
  dataPlane: idlePlane,
  region: exampleAccount.region,
  accountId: exampleAccount.accountId,
  // Two seconds of real time each.
  durations: { createSeconds: 120, deleteSeconds: 120, restartSeconds: 120 },
});

const server = await startServer([new LocalS3({ clock }), sns, connect], { clock });
const script = fileURLToPath(new URL('foreign-clients.py', import.meta.url));
const child = spawn(python, [script, server.endpoint], { stdio: 'inherit' });
const [code] = (await once(child, 'exit')) as [number | null];
await server.close();
clock.stop();

const subjects = sns.inbox().map(({ subject }) => subject);
const heard = subjects.includes('from boto3') && subjects.includes('from the CLI');
if (!heard) console.error(`The inbox holds ${JSON.stringify(subjects)}, not what the clients sent.`);
process.exitCode = code === 0 && heard ? 0 : 1;
