import type { VirtualClock } from '../../local/virtualClock.ts';
import type { Befall, Deed, History, StoreDeed, Trigger } from './history.ts';
import type { Keeper } from './keeper.ts';
import type { Life } from './life.ts';
import type { Persons } from './persons.ts';
import type { Triggers } from './triggers.ts';

export interface HappeningsOptions {
  readonly clock: VirtualClock;
  readonly history: History;
  readonly lives: ReadonlyMap<string, Life>;
  /** By connector: when nothing of it was published. */
  readonly missing: Map<string, { fromMs: number; untilMs: number }[]>;
  readonly keeper: Keeper;
  readonly persons: Persons;
  readonly triggers: Triggers;
  /** One thing that befell is over. */
  readonly over: () => void;
}

const deeds: ReadonlySet<Deed['kind']> = new Set<Deed['kind']>([
  'person-deletes',
  'person-pauses',
  'person-resumes',
  'person-updates',
  'person-recreates',
  'own-operation',
]);
const storeDeeds: ReadonlySet<StoreDeed['kind']> = new Set<StoreDeed['kind']>([
  'journal-cut',
  'journal-gone',
  'journal-from-older-version',
  'journal-rolled-back',
  'backup-gone',
  'saved-changed',
  'saved-gone',
  'saved-broken',
]);
const triggers: ReadonlySet<Trigger['kind']> = new Set<Trigger['kind']>([
  'alarm',
  'looks-at-once',
  'person-asks',
  'person-says',
  'schedule',
]);

/** Lets each thing that befalls come to whom it concerns: connectors, persons, the function's callers. */
export class Happenings {
  readonly #options: HappeningsOptions;

  constructor(options: HappeningsOptions) {
    this.#options = options;
  }

  happen(befall: Befall): void {
    const { persons, over } = this.#options;
    if (befall.kind === 'turns') this.#turn(befall);
    else if (befall.kind === 'metrics-missing') this.#hide(befall);
    else if (isOneOf<Trigger>(befall, triggers)) this.#options.triggers.fire(befall);
    else if (isOneOf<Deed>(befall, deeds)) void persons.act(befall).then(over);
    else if (isOneOf<StoreDeed>(befall, storeDeeds)) void persons.tamper(befall).then(over);
  }

  #turn(befall: Extract<Befall, { kind: 'turns' }>): void {
    const { lives, keeper, over } = this.#options;
    const connector = this.#nameOf(befall);
    if (lives.get(connector)?.turn(befall) === true) keeper.hit(`turns-${befall.into}`, { connector });
    over();
  }

  #hide(befall: Extract<Befall, { kind: 'metrics-missing' }>): void {
    const { missing, keeper, clock } = this.#options;
    const connector = this.#nameOf(befall);
    const span = { fromMs: clock.now(), untilMs: clock.now() + befall.lastsSeconds * 1000 };
    missing.set(connector, [...(missing.get(connector) ?? []), span]);
    keeper.hit(befall.kind, { connector });
  }

  #nameOf({ connector }: { readonly connector: number }): string {
    return this.#options.history.connectors[connector]?.name ?? '';
  }
}

function isOneOf<Kind extends Befall>(befall: Befall, kinds: ReadonlySet<Kind['kind']>): befall is Kind {
  return (kinds as ReadonlySet<string>).has(befall.kind);
}
