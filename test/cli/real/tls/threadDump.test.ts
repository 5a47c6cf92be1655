import { describe, expect, test } from 'vitest';
import {
  blockedWrites,
  closings,
  connectorThreads,
  parseThreadDump,
  threadLines,
} from '../../../../cli/real/tls/threadDump.ts';

/** Recorded from a worker that hung, shortened to the frames that matter. */
const hung = `
[2026-11-21 07:34:53,000] INFO a line of the log in between (org.apache.kafka.connect.runtime.Worker:1)
Full thread dump OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1 mixed mode, emulated-client, sharing):

"task-thread-tls13-0" #49 prio=5 os_prio=0 cpu=1148.02ms elapsed=69.75s tid=0x00007fb04801b980 nid=0x2ba2 waiting on condition  [0x00007fb0554fc000]
   java.lang.Thread.State: TIMED_WAITING (parking)
\tat jdk.internal.misc.Unsafe.park(java.base@17.0.15/Native Method)
\t- parking to wait for  <0x00000000ebaf1698> (a java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject)
\tat io.debezium.connector.base.ChangeEventQueue.poll(ChangeEventQueue.java:275)

   Locked ownable synchronizers:
\t- None

"blc-127.0.0.1:17396" #57 prio=5 os_prio=0 cpu=6584.76ms elapsed=249.14s tid=0x00007fb02c6cbf00 nid=0x2bb8 runnable  [0x00007fb054ffc000]
   java.lang.Thread.State: RUNNABLE
\tat sun.nio.ch.FileDispatcherImpl.write0(java.base@17.0.15/Native Method)
\tat sun.security.ssl.SSLSocketOutputRecord.flush(java.base@17.0.15/SSLSocketOutputRecord.java:271)
\tat sun.security.ssl.KeyUpdate$KeyUpdateProducer.produce(java.base@17.0.15/KeyUpdate.java:323)
\tat sun.security.ssl.SSLSocketImpl.tryKeyUpdate(java.base@17.0.15/SSLSocketImpl.java:1553)
\tat com.github.shyiko.mysql.binlog.BinaryLogClient.listenForEventPackets(BinaryLogClient.java:1053)

   Locked ownable synchronizers:
\t- <0x00000000ec8c4cc0> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
\t- <0x00000000ec962d38> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)

"blc-keepalive-127.0.0.1:17396" #59 prio=5 os_prio=0 cpu=1.34ms elapsed=249.08s tid=0x00007fb0300092a0 nid=0x2bbb waiting on condition  [0x00007fb054efd000]
   java.lang.Thread.State: WAITING (parking)
\tat jdk.internal.misc.Unsafe.park(java.base@17.0.15/Native Method)
\t- parking to wait for  <0x00000000ec962d38> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
\tat sun.security.ssl.SSLSocketImpl.closeNotify(java.base@17.0.15/SSLSocketImpl.java:735)
\tat sun.security.ssl.SSLSocketImpl.shutdownOutput(java.base@17.0.15/SSLSocketImpl.java:875)
\tat com.github.shyiko.mysql.binlog.network.protocol.PacketChannel.close(PacketChannel.java:125)

   Locked ownable synchronizers:
\t- <0x00000000ec618a68> (a java.util.concurrent.ThreadPoolExecutor$Worker)

"VM Thread" os_prio=0 cpu=584.13ms elapsed=258.96s tid=0x00007fb0a4050f10 nid=0x2ab7 runnable

JNI global refs: 13, weak refs: 0
`.split('\n');

describe('the thread dump of a worker that hangs at a KeyUpdate', () => {
  const dump = parseThreadDump(hung);

  test('names the build of the JVM', () => {
    expect(dump.jvm).toBe('OpenJDK 64-Bit Server VM (17.0.15+6-Debian-1deb12u1 mixed mode, emulated-client, sharing)');
  });

  test('shows which thread is blocked in which write, and who waits for its lock', () => {
    const [blocked, ...others] = blockedWrites(dump);

    expect(others).toEqual([]);
    expect(blocked?.writer.name).toBe('blc-127.0.0.1:17396');
    expect(blocked?.keyUpdate).toBe(true);
    expect(blocked?.waiters.map(({ name }) => name)).toEqual(['blc-keepalive-127.0.0.1:17396']);
  });

  test('shows who is in the closing of the socket', () => {
    expect(closings(dump).map(({ name }) => name)).toEqual(['blc-keepalive-127.0.0.1:17396']);
  });

  test('is cut to the threads of the connector', () => {
    expect(connectorThreads(dump).map(({ name }) => name)).toEqual([
      'task-thread-tls13-0',
      'blc-127.0.0.1:17396',
      'blc-keepalive-127.0.0.1:17396',
    ]);
  });

  test('is told without addresses of memory that nobody needs', () => {
    expect(threadLines(dump.threads[2] ?? { name: '', state: '', frames: [], holds: [] }, 2)).toEqual([
      '"blc-keepalive-127.0.0.1:17396" WAITING (parking)',
      '    at jdk.internal.misc.Unsafe.park(Native Method)',
      '    at sun.security.ssl.SSLSocketImpl.closeNotify(SSLSocketImpl.java:735)',
      '    and 2 more',
      '    waits for 0x00000000ec962d38',
      '    holds 0x00000000ec618a68',
    ]);
  });
});

test('a thread that writes to anything but a TLS socket is none of ours', () => {
  const dump = parseThreadDump([
    '"main" #1 prio=5 os_prio=0 cpu=1ms elapsed=1s tid=0x1 nid=0x1 runnable  [0x1]',
    '   java.lang.Thread.State: RUNNABLE',
    '\tat sun.nio.ch.FileDispatcherImpl.write0(java.base@17.0.15/Native Method)',
    '\tat java.io.FileOutputStream.write(java.base@17.0.15/FileOutputStream.java:1)',
  ]);

  expect(blockedWrites(dump)).toEqual([]);
});
