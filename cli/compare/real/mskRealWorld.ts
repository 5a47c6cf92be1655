import { logGroup } from '../../demonstration/connectors.ts';
import { drain } from '../../real/drain.ts';
import { openRealWorld, type RealWorld } from '../../real/realWorld.ts';
import type { Failure } from '../compareOptions.ts';
import { mskSights } from '../mskSights.ts';
import { MskSpectator } from '../mskSpectator.ts';
import type { SideWatch } from '../sideWatch.ts';
import type { SightReader } from '../sights.ts';
import type { World } from '../world.ts';
import { cut, realSource } from './realSource.ts';
import { strikeLater } from './strikeLater.ts';

const acts = new Set(['RestartConnector', 'DeleteConnector', 'CreateConnector']);

/** The MSK Connect world with a real worker behind it: broker, database, worker and Debezium are real, AWS is its local stand-in. */
export function mskRealWorld(failure: Failure, watch: SideWatch, signal: AbortSignal): World {
  const source = realSource(failure);
  const { name, topic } = source;
  let world: RealWorld | undefined;
  let spectator: MskSpectator | undefined;
  let sights: SightReader | undefined;
  let mails = 0;
  const rows = () => {
    const { topics, writers } = opened().ground;
    const count = topics.get(name)?.count(writers.mariadb?.written ?? 0);
    if (count === undefined) throw new Error(`Nobody counts the rows of ${topic}.`);
    return count;
  };
  const opened = () => {
    if (world === undefined) throw new Error('The MSK Connect world was not opened.');
    return world;
  };

  return {
    async open(say) {
      world = await openRealWorld({
        connectors: [{ ...source, connectVersion: '3.7.x', plugin: 'debezium-mysql-2.6.2', offsetsPinned: true }],
        signal,
        say,
        onCall: ({ service, operation, atMs, error }) => {
          if (service === 'kafkaconnect' && acts.has(operation)) watch.called(atMs, operation, error?.code);
        },
      });
      const { stackName, functionLogGroup } = world;
      const now = () => Date.now();
      spectator = new MskSpectator({ connector: name, stackName, functionLogGroup, now, watch });
      sights = mskSights({ connector: name, connectVersion: '3.7.x', serverName: 'orders', logGroup, now });
    },
    async poll() {
      if (world === undefined) return;
      await spectator?.poll();
      watch.counted(Date.now(), rows());
      for (const { atMs, to, subject = '' } of world.aws.sns.inbox().slice(mails)) {
        mails += 1;
        if (watch.marks !== undefined) watch.tell(atMs, 'message', `to ${to.join(', ')}: ${subject}`);
      }
      if (watch.marks !== undefined && !watch.flows) await sights?.look();
    },
    get healthy() {
      return spectator?.healthy ?? false;
    },
    get waitsFor() {
      return spectator?.waitsFor ?? 'not open yet';
    },
    strike: (atMs) => strikeLater(atMs, watch, failure, rows, () => cut(failure, opened().ground.proxies.get(name))),
    async sights(fromMs, toMs) {
      if (sights === undefined) throw new Error('The MSK Connect world was not opened.');
      return sights.read(fromMs, toMs);
    },
    async drain() {
      await drain(opened().ground, [source], () => Promise.resolve(rows()), signal);
      watch.counted(Date.now(), rows());
    },
    async end() {
      await world?.close();
    },
  };
}
