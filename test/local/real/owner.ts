/** A program that owns processes and then ends in the way that its argument names. First it prints what it owns. */
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../../local/real/freePort.ts';
import { ownProcesses } from '../../../local/real/ownedProcesses.ts';

const processes = await ownProcesses();
const say = (owned: object) => process.stdout.write(`${JSON.stringify({ folder: processes.folder, ...owned })}\n`);
const sleeper = (name: string) => processes.start({ name, command: 'sleep', args: ['600'] });

async function answers(port: number): Promise<void> {
  for (;;) {
    const ok = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.unref();
    });
    if (ok) return;
    await wait(20);
  }
}

switch (process.argv[2] ?? '') {
  case 'killed': {
    const port = await freePort();
    const server = processes.start({
      name: 'a server',
      command: process.execPath,
      // It hears no SIGTERM, as a hanging server.
      args: ['-e', `process.on('SIGTERM', () => 0); require('net').createServer().listen(${port}, '127.0.0.1')`],
    });
    await answers(port);
    const stopped = sleeper('a stopped process');
    stopped.signal('SIGSTOP');
    say({ pids: [server.pid, stopped.pid], port });
    await wait(200);
    process.kill(process.pid, 'SIGKILL');
    break;
  }
  case 'killedAtOnce': {
    const pids = [1, 2, 3, 4, 5].map((n) => sleeper(`sleeper ${n}`).pid);
    say({ pids });
    process.kill(process.pid, 'SIGKILL');
    break;
  }
  case 'grandchildren': {
    const pids: number[] = [];
    const shell = (script: string) =>
      processes.start({
        name: 'a shell',
        command: 'sh',
        args: ['-c', script],
        onLine: (line) => pids.push(Number(line)),
      });
    // Its parent is gone.
    const gone = shell('sleep 600 & echo $!');
    // It has not the environment that it was started with.
    const stays = shell('env -i sleep 600 & echo $!; wait');
    await gone.ended;
    while (pids.length < 2) await wait(10);
    say({ pids: [...pids, stays.pid] });
    await wait(200);
    process.kill(process.pid, 'SIGKILL');
    break;
  }
  case 'thrown':
    say({ pids: [sleeper('a sleeper').pid] });
    setTimeout(() => {
      throw new Error('a fault of the program');
    });
    break;
  case 'exit':
    say({ pids: [sleeper('a sleeper').pid] });
    process.exit(0);
    break;
  case 'closed':
    say({ pids: [sleeper('a sleeper').pid] });
    await processes.close();
    break;
  case 'idle':
    say({ pids: [] });
    break;
}
