/** A program that starts servers, stops one of them as if it hung, prints where they are, and dies by SIGKILL. */
import { setTimeout as wait } from 'node:timers/promises';
import { startMariadb } from '../../local/real/mariadb.ts';
import { ownProcesses } from '../../local/real/ownedProcesses.ts';
import { startPostgres } from '../../local/real/postgres.ts';
import { provideSoftware } from '../../local/real/software.ts';

const processes = await ownProcesses();
const software = await provideSoftware({ say: () => undefined, postgres: true });
const [mariadb, postgres] = await Promise.all([startMariadb(processes, software), startPostgres(processes, software)]);
postgres.process.signal('SIGSTOP');
process.stdout.write(`${JSON.stringify({ folder: processes.folder, ports: [mariadb.port, postgres.port] })}\n`);
await wait(200);
process.kill(process.pid, 'SIGKILL');
