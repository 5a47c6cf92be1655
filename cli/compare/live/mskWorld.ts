import type { ScaledClock } from '../../../local/scaledClock.ts';
import { logGroup, type Cast } from '../../demonstration/connectors.ts';
import { startActors } from '../../demonstration/cyclesWorld.ts';
import { mskSights } from '../mskSights.ts';
import { MskSpectator } from '../mskSpectator.ts';
import { strikeOf, type Plan } from '../plan.ts';
import type { SideWatch } from '../sideWatch.ts';
import type { SightReader } from '../sights.ts';
import type { World } from '../world.ts';
import { hearTruth } from './hearTruth.ts';
import { untilMs } from './untilMs.ts';

/** Nobody wants to wait for the first creation as long as for one that is part of a recovery. */
const firstCreateSeconds = 30;

/** The MSK Connect world: its connector, its monitor and its recovery are processes of their own. */
export function mskWorld(clock: ScaledClock, cast: Cast, plan: Plan, watch: SideWatch): World {
  const { name } = cast;
  const actors = startActors(clock, {
    truth: (truth) => hearTruth(watch, plan, truth),
    mail: ({ atMs, to, subject }) => watch.tell(atMs, 'message', `to ${to.join(', ')}: ${subject}`),
  });
  let spectator: MskSpectator | undefined;
  let sights: SightReader | undefined;

  return {
    async open(say) {
      const recreates = plan.connectVersion === '2.7.1';
      const { stackName, functionLogGroup } = await actors.open(cast, plan.seed, say, {
        durations: recreates ? plan.durations : { ...plan.durations, createSeconds: firstCreateSeconds },
        taskStarts: plan.msk.taskStarts,
      });
      const now = () => clock.now();
      // Only now do the SDK's clients find the local services.
      spectator = new MskSpectator({ connector: name, stackName, functionLogGroup, now, watch });
      sights = mskSights({
        connector: name,
        connectVersion: plan.connectVersion,
        serverName: name.replace('-cdc', ''),
        logGroup,
        now,
      });
    },
    async poll() {
      await spectator?.poll();
      if (watch.marks !== undefined && !watch.flows) await sights?.look();
    },
    get healthy() {
      return spectator?.healthy ?? false;
    },
    get waitsFor() {
      return spectator?.waitsFor ?? 'not open yet';
    },
    strike: (atMs) => actors.connector.send({ kind: 'strike', connector: name, strike: strikeOf(plan.failure), atMs }),
    async sights(fromMs, toMs) {
      if (sights === undefined) throw new Error('The MSK Connect world was not opened.');
      return sights.read(fromMs, toMs);
    },
    drain: () => untilMs(clock, clock.now() + 20_000),
    end: () => actors.end(),
  };
}
