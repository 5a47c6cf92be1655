/** An alarm's change of state, from whichever envelope it came in. */
export interface AlarmChange {
  readonly alarm: string;
  readonly account: string;
  readonly region: string;
  readonly state: string;
  readonly at: string | undefined;
  readonly reason: string;
  readonly composite: boolean;
  readonly muted: boolean;
}
