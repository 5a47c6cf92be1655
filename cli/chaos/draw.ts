import type { Random } from '../../local/seededRandom.ts';
import { seededRandom } from '../../local/seededRandom.ts';
import { drawConnectors } from './drawConnectors.ts';
import { drawCallFault, drawDeed, drawOutage, drawStart, drawTrigger } from './drawFaults.ts';
import type { Scene } from './drawFaults.ts';
import type { Befall, ConnectorPlan, History } from './history.ts';

/** The history that belongs to a seed: always the same one. */
export function drawHistory(seed: number): History {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ 0xc4a05);
  const chance = chanceOf(random);
  const connectors = drawConnectors(chance);
  // Most histories are over in half an hour; of some the trouble lasts for hours.
  const calmAtSeconds = chance.oneIn(50) ? chance.between(5400, 14_400) : chance.between(480, 1080);
  const befalls: Befall[] = connectors.flatMap((plan, connector) => drawFate(chance, plan, connector));
  const trouble = chance.between(3, 6);
  for (let nth = 0; nth < trouble; nth += 1) befalls.push(drawTrouble(chance, connectors, calmAtSeconds));
  return {
    seed,
    connectors,
    durations: {
      createSeconds: chance.between(20, 200),
      createFailureSeconds: chance.between(60, 400),
      deleteSeconds: chance.between(10, 150),
      restartSeconds: chance.between(5, 60),
    },
    clockSpreadSeconds: chance.oneIn(3) ? chance.between(1, 4) : 0,
    calmAtSeconds,
    befalls,
  };
}

/** What becomes of the connector by itself, and the alarm that says so. */
function drawFate(chance: Chance, plan: ConnectorPlan, connector: number): Befall[] {
  const into = chance.of([
    ['dead', 12],
    ['tasks-failed', 3],
    ['unreachable', 2],
    ['idle', 1],
    ['some-tasks-failed', plan.kind === 'sink' ? 2 : 0],
    ['nothing', 1],
  ] as const);
  const atSeconds = chance.between(20, 120);
  const alarm: Befall = {
    kind: 'alarm',
    when: { atSeconds: atSeconds + chance.between(90, 240) },
    connector,
    times: 1,
    everySeconds: 0,
    lateSeconds: 0,
    copies: 1,
    reordered: false,
  };
  if (into === 'nothing') return [alarm];
  const turning: Befall = {
    kind: 'turns',
    when: { atSeconds },
    connector,
    into,
    curedBy: plan.connectVersion === '2.7.1' || chance.oneIn(3) ? 'recreation' : 'restart',
    orphaned: chance.oneIn(5),
  };
  return [turning, alarm];
}

function drawTrouble(chance: Chance, connectors: readonly ConnectorPlan[], calmAtSeconds: number): Befall {
  const connector = chance.below(connectors.length);
  const draw = chance.of<(chance: Chance, scene: Scene) => Befall>([
    [drawCallFault, 10],
    [drawOutage, 7],
    [drawDeed, 6],
    [drawTrigger, 4],
    [drawStart, 3],
  ]);
  const plan = connectors[connector];
  if (plan === undefined) throw new Error('There is no connector to draw for.');
  return draw(chance, { plan, connector, calmAtSeconds });
}

/** Chance in the words of who draws. */
export interface Chance {
  /** A whole number from 0 up to, but not including, `count`. */
  below(count: number): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  oneIn(count: number): boolean;
  /** One of the values, each as often as its weight says. */
  of<Value>(weighted: readonly (readonly [Value, number])[]): Value;
}

function chanceOf(random: Random): Chance {
  const below = (count: number) => Math.floor(random() * count);
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    oneIn: (count) => below(count) === 0,
    of: (weighted) => {
      let left = below(weighted.reduce((sum, [, weight]) => sum + weight, 0));
      for (const [value, weight] of weighted) {
        left -= weight;
        if (left < 0) return value;
      }
      throw new Error('Nothing to draw from.');
    },
  };
}
