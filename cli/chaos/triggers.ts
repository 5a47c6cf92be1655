import type { BusEvent } from '../../local/aws/alarmEvent.ts';
import type { VirtualClock } from '../../local/virtualClock.ts';
import type { FunctionSettings } from '../../settings/connectorSettings.ts';
import { type Account, functionName } from './account.ts';
import type { Trigger } from './history.ts';
import type { Keeper } from './keeper.ts';

export interface TriggersOptions {
  readonly account: Account;
  readonly clock: VirtualClock;
  readonly settings: FunctionSettings;
  readonly keeper: Keeper;
  /** The trigger has called for the last time. */
  readonly over: () => void;
}

const stormIsAtLeast = 4;

/** What calls the function: alarms as CloudWatch words them, looks, persons, the schedule. */
export class Triggers {
  readonly #options: TriggersOptions;
  #caught: BusEvent[] | undefined;

  constructor(options: TriggersOptions) {
    this.#options = options;
  }

  /** Takes what the alarms emit; only what was asked for here goes on. */
  emitted(event: BusEvent): void {
    this.#caught?.push(event);
  }

  fire(trigger: Trigger): void {
    const { settings, keeper, over, clock } = this.#options;
    const connector = settings.connectors[trigger.connector]?.name;
    if (connector === undefined) return;
    switch (trigger.kind) {
      case 'alarm': {
        if (trigger.times >= stormIsAtLeast) keeper.hit('alarm-storm', { connector });
        if (trigger.lateSeconds > 0) keeper.hit('event-late', { connector });
        if (trigger.copies > 1) keeper.hit('event-doubled', { connector });
        if (trigger.reordered) keeper.hit('events-reordered', { connector });
        for (let nth = 0; nth < trigger.times; nth += 1) {
          this.#later(nth * trigger.everySeconds, () => this.#alarm(trigger, connector, nth));
        }
        this.#later(trigger.times * trigger.everySeconds + trigger.lateSeconds, over);
        return;
      }
      case 'looks-at-once':
        keeper.hit('looks-at-once', { connector });
        for (let nth = 0; nth < trigger.times; nth += 1) {
          this.#invoke({ source: 'connector-recovery.look', connector, why: 'somebody handed it over twice' });
        }
        break;
      case 'person-asks':
        this.#invoke({ connector, remedy: trigger.remedy, who: 'anna' });
        break;
      case 'person-says':
        keeper.hit(`person-${trigger.says}`, { connector });
        this.#invoke({ connector, do: trigger.says, who: 'anna', why: 'because' });
        break;
      case 'schedule':
        this.#invoke({ source: 'connector-recovery.schedule', connector });
    }
    clock.at(clock.now(), over);
  }

  #alarm(trigger: Extract<Trigger, { kind: 'alarm' }>, connector: string, nth: number): void {
    const names = Object.entries(this.#options.settings.alarms).filter(
      ([, alarm]) => alarm.connector === connector && alarm.does === 'look',
    );
    const name = names[nth % Math.max(1, names.length)]?.[0];
    if (name === undefined) return;
    const events = [...this.#set(name, 'ALARM'), ...(trigger.reordered ? this.#set(name, 'OK') : [])];
    for (const event of events.toReversed()) {
      for (let copy = 0; copy < trigger.copies; copy += 1) this.#later(trigger.lateSeconds, () => this.#invoke(event));
    }
  }

  /** Sets an alarm, and gives the events that CloudWatch makes of it, which it does before it answers. */
  #set(AlarmName: string, StateValue: 'ALARM' | 'OK'): readonly BusEvent[] {
    const caught: BusEvent[] = [];
    this.#caught = caught;
    void this.#options.account.cloudwatch.call('SetAlarmState', {
      AlarmName,
      StateValue,
      StateReason: 'by its metrics',
    });
    this.#caught = undefined;
    return caught;
  }

  #invoke(payload: unknown): void {
    this.#options.account.lambda.invokeLater(functionName, JSON.stringify(payload));
  }

  #later(seconds: number, callback: () => void): void {
    const { clock } = this.#options;
    if (seconds === 0) callback();
    else clock.at(clock.now() + seconds * 1000, callback);
  }
}
