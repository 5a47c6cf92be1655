import { exampleAccount } from '../../local/aws/account.ts';
import { endpointOf, type Endpoint } from '../../local/aws/endpoint.ts';
import { VirtualClock } from '../../local/virtualClock.ts';
import type { FunctionSettings } from '../../settings/connectorSettings.ts';
import { keys } from '../../settings/environment.ts';
import { warmClients } from '../bench/warmClients.ts';
import { type Account, functionName, openAccount } from './account.ts';
import { boundSeconds } from './bound.ts';
import { enter } from './enter.ts';
import { Happenings } from './happenings.ts';
import type { History, Start } from './history.ts';
import { Hostility } from './hostility.ts';
import { Keeper } from './keeper.ts';
import { dataPlaneOf, Life } from './life.ts';
import { leftOver } from './leftOver.ts';
import { Machines, type MachinesOptions } from './machines.ts';
import { Network } from './network.ts';
import { Persons } from './persons.ts';
import { ProductCalls } from './productCalls.ts';
import type { HistoryRecord } from './record.ts';
import { setAlarms } from './alarms.ts';
import { settingsOf } from './settingsOf.ts';
import { Shown } from './shown.ts';
import { Triggers } from './triggers.ts';

/** Fields of a journal that say that something is left to do. */
const unfinished = ['"recovery": {', '"lease": {', '"untold": ['];
/** The connectors have run for a while before anybody watches them. */
const beforehandSeconds = 1800;
const minuteMs = 60_000;
/** How often the runner looks whether it is over. */
const stepMs = 30_000;

/** What Lambda gives its functions, and the SDK's clients read. */
const environmentOfFunction = {
  AWS_REGION: exampleAccount.region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  // Nobody listens there: an address makes the clients name a bucket in the path, where the local endpoint looks for it.
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
};

/**
 * Lives through one history: the real function, adapters and engine in virtual time, against the local services. The thread lives in that
 * history's time until it is over.
 * @param transport `direct`: commands go straight to the services; `sdk`: through the SDK's clients and the wire
 */
export async function runHistory(history: History, transport: HistoryRecord['transport']): Promise<HistoryRecord> {
  if (transport === 'sdk') {
    Object.assign(process.env, environmentOfFunction);
    await warmClients();
  }
  // What the direct clients do is nothing but promises.
  const clock = new VirtualClock(Date.UTC(2026, 0, 5, 8) + (history.seed % 60) * 1000, transport === 'sdk' ? 2 : 0);
  const leave = enter(clock, history.seed);
  try {
    return await new Run(history, transport, clock).live();
  } finally {
    leave();
  }
}

class Run {
  readonly #history: History;
  readonly #transport: HistoryRecord['transport'];
  readonly #clock: VirtualClock;
  readonly #settings: FunctionSettings;
  readonly #network: Network;
  readonly #keeper: Keeper;
  readonly #lives: ReadonlyMap<string, Life>;
  readonly #shown: Shown[] = [];
  readonly #missing = new Map<string, { fromMs: number; untilMs: number }[]>();
  #account: Account | undefined;
  #hostility: Hostility | undefined;
  #calls: ProductCalls | undefined;
  #endpoint: Endpoint | undefined;

  constructor(history: History, transport: HistoryRecord['transport'], clock: VirtualClock) {
    this.#history = history;
    this.#transport = transport;
    this.#clock = clock;
    this.#settings = settingsOf(history.connectors);
    this.#network = new Network(clock);
    this.#keeper = new Keeper(() => clock.now());
    this.#lives = new Map(
      history.connectors.map((plan, index) => [
        plan.name,
        new Life({
          plan,
          clock,
          starts: history.befalls.filter(
            (befall): befall is Start => befall.kind === 'comes-up' && befall.connector === index,
          ),
          onStart: ({ as }) => {
            this.#keeper.hit(`comes-up-${as}`, { connector: plan.name });
            this.#hostility?.over();
          },
          onChange: () => this.#see(),
          isCalm: () => this.#hostility?.isCalm ?? false,
          deletionHangsSeconds: () => this.#hostility?.deletionHangsSeconds ?? 0,
        }),
      ]),
    );
  }

  async live(): Promise<HistoryRecord> {
    const [history, clock, keeper] = [this.#history, this.#clock, this.#keeper];
    const machines = new Machines({
      clock,
      history,
      settings: this.#settings,
      keeper,
      network: this.#network,
      way: () => this.#way(),
    });
    const account = await openAccount({
      clock,
      history,
      settings: this.#settings,
      dataPlane: dataPlaneOf(this.#lives),
      startFunction: () => machines.start(),
      emit: (event) => triggers.emitted(event),
      onWorkEnded: () => this.#see(),
    });
    this.#account = account;
    await clock.advanceBy(beforehandSeconds * 1000);
    const startMs = clock.now();
    for (const [name, life] of this.#lives) {
      keeper.connectors.set(name, { life, truth: [], states: [], persons: [] });
    }
    this.#see();
    for (const plan of history.connectors) {
      const life = this.#lives.get(plan.name);
      if (life === undefined) continue;
      this.#shown.push(new Shown(plan, life, account, (atMs) => this.#isMissing(plan.name, atMs)));
    }
    const persons = new Persons({
      account,
      clock,
      history,
      keeper,
      isCalm: () => hostility.isCalm,
      afterCall: () => this.#see(),
    });
    const triggers: Triggers = new Triggers({
      account,
      clock,
      settings: this.#settings,
      keeper,
      over: () => hostility.over(),
    });
    const happenings = new Happenings({
      clock,
      history,
      lives: this.#lives,
      missing: this.#missing,
      keeper,
      persons,
      triggers,
      over: () => hostility.over(),
    });
    const hostility: Hostility = new Hostility({
      history,
      startMs,
      now: () => clock.now(),
      at: (whenMs, callback) => clock.at(whenMs, callback),
      happen: (befall) => happenings.happen(befall),
      hit: (kind) => keeper.hit(kind),
    });
    this.#hostility = hostility;
    this.#calls = new ProductCalls({
      services: account.services,
      clock,
      network: this.#network,
      hostility,
      keeper,
      keepsAnswers: history.befalls.some(({ kind }) => kind === 'stale-reads'),
      beforeLook: (operation, input) => this.#beforeLook(operation, input),
      afterCall: () => this.#see(),
    });
    if (this.#transport === 'sdk') this.#endpoint = await endpointOf(this.#calls.services(), { clock });
    this.#sweepEveryMinute(startMs + 5000);
    const ends = await this.#untilOver(startMs, persons, machines);
    await account.lambda.close();
    return leftOver({
      history,
      transport: this.#transport,
      settings: this.#settings,
      account,
      keeper,
      persons,
      times: { startMs, endMs: clock.now(), ...ends },
    });
  }

  async #untilOver(
    startMs: number,
    persons: Persons,
    machines: Machines,
  ): Promise<{ faultsEndMs: number; boundMs: number }> {
    const [clock, history, hostility] = [this.#clock, this.#history, this.#hostility];
    if (hostility === undefined) throw new Error('The world is not open.');
    const boundMs = boundSeconds(history, this.#settings) * 1000;
    let faultsEndMs = Infinity;
    for (let at = startMs + stepMs; ; at += stepMs) {
      // oxlint-disable-next-line no-await-in-loop -- one step after the other is the point
      await clock.advanceTo(at);
      this.#see();
      if (!hostility.isCalm && (at >= startMs + history.calmAtSeconds * 1000 || hostility.isSpent)) {
        hostility.becomeCalm();
        faultsEndMs = at;
        for (const life of this.#lives.values()) life.becomeCalm();
      }
      if (!hostility.isCalm) continue;
      if (at >= faultsEndMs + boundMs) return { faultsEndMs, boundMs };
      // A sweep has seen the calm world.
      if (at < faultsEndMs + 2 * minuteMs || machines.busy > 0) continue;
      // oxlint-disable-next-line no-await-in-loop -- as above
      if (await this.#isSettled(persons)) return { faultsEndMs, boundMs };
    }
  }

  /** Nothing is left to be done: no recovery under way, no promise open, and nothing on its way in MSK Connect. */
  async #isSettled(persons: Persons): Promise<boolean> {
    const inventory = this.#account?.connect.inventory() ?? [];
    if (inventory.some(({ state }) => !['RUNNING', 'PAUSED', 'FAILED'].includes(state))) return false;
    if (this.#owesSomething(inventory)) return false;
    for (const { name } of this.#history.connectors) {
      // oxlint-disable-next-line no-await-in-loop -- most often the first one says no
      const journal = await persons.text(`${keys.journals}${name}.json`);
      if (unfinished.some((field) => journal?.includes(field) === true)) return false;
      // oxlint-disable-next-line no-await-in-loop -- as above
      const newest = (await persons.backups(name)).at(-1);
      if (newest !== undefined && !newest.text.includes('"closed": {')) return false;
    }
    return true;
  }

  /** Whether something that the product deleted is not there, and nobody wants it so. */
  #owesSomething(inventory: readonly { readonly name: string }[]): boolean {
    const { calls, hits } = this.#keeper;
    if (hits.some(({ kind }) => kind === 'person-call-off')) return false;
    return this.#history.connectors.some(({ name }) => {
      if (inventory.some((one) => one.name === name)) return false;
      const isItsDeletion = ({ operation, carriedOut, input }: (typeof calls)[number]) =>
        operation === 'DeleteConnector' && carriedOut && String(input['connectorArn']).includes(`/${name}/`);
      return calls.findLast(isItsDeletion)?.by === 'product';
    });
  }

  #way(): ReturnType<MachinesOptions['way']> {
    if (this.#endpoint !== undefined) return { endpoint: this.#endpoint };
    const calls = this.#calls;
    if (calls === undefined) throw new Error('The world is not open.');
    return { call: (...call) => calls.call(...call) };
  }

  #sweepEveryMinute(firstMs: number): void {
    const sweep = (atMs: number) => {
      this.#clock.at(atMs, () => {
        sweep(atMs + minuteMs);
        if (this.#hostility?.sweepIsOff === true) this.#keeper.hit('sweep-off');
        else this.#account?.lambda.invokeLater(functionName, '{"source":"connector-recovery.sweep"}');
      });
    };
    sweep(firstMs);
  }

  #see(): void {
    if (this.#account !== undefined) this.#keeper.see(this.#account.connect.inventory());
  }

  #isMissing(name: string, atMs: number): boolean {
    return (this.#missing.get(name) ?? []).some(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs);
  }

  #beforeLook(operation: string, input: Readonly<Record<string, unknown>>): Promise<void> | undefined {
    const now = this.#clock.now();
    switch (operation) {
      case 'GetMetricData': {
        const from = (input['StartTime'] as Date).getTime();
        for (const shown of this.#shown) if (shown.isAsked(input)) shown.metrics(from, now);
        return undefined;
      }
      case 'FilterLogEvents': {
        const from = Number(input['startTime'] ?? 0);
        const asked = this.#shown.find((shown) => shown.logGroup === input['logGroupName']);
        return asked?.lines(from, now);
      }
      case 'DescribeAlarms':
        return this.#account === undefined ? undefined : setAlarms(this.#account, this.#settings, this.#lives, now);
      default:
        return undefined;
    }
  }
}
