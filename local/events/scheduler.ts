import { AwsError } from '../aws/awsError.ts';
import type { LocalService } from '../aws/service.ts';
import { deliverWithRetries, type RetryPolicy } from './retriedDelivery.ts';
import { parseSchedule, ScheduleExpressionError, type Schedule } from './scheduleExpression.ts';
import type { EventsWorld } from './targets.ts';

/** CreateSchedule's input, as far as it is used. */
export interface ScheduleInput {
  readonly Name: string;
  readonly GroupName?: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly State?: 'ENABLED' | 'DISABLED';
  readonly FlexibleTimeWindow: { readonly Mode: 'OFF' | 'FLEXIBLE'; readonly MaximumWindowInMinutes?: number };
  readonly Target: {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly Input?: string;
    readonly RetryPolicy?: RetryPolicy;
    readonly DeadLetterConfig?: { readonly Arn?: string };
  };
}

export interface Scheduler extends LocalService {
  readonly name: 'scheduler';
  /** Gives the ARN. @throws AwsError */
  createSchedule(input: ScheduleInput): string;
  /** Gives the ARN. @throws AwsError when it exists. */
  createGroup(name: string): string;
  close(): void;
}

interface Kept {
  readonly arn: string;
  readonly input: ScheduleInput;
  readonly group: string;
  readonly createdMs: number;
}

const named = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
const keyOf = (input: Readonly<Record<string, unknown>>) =>
  `${named(input['GroupName'], 'default')}/${named(input['Name'], '')}`;

/** EventBridge Scheduler: rate, cron and one-time schedules in a time zone; a disabled one does nothing. */
export function scheduler(world: EventsWorld): Scheduler {
  const schedules = new Map<string, Kept>();
  const groups = new Set(['default']);
  let closed = false;
  const arnBase = `arn:aws:scheduler:${world.account.region}:${world.account.accountId}`;

  function fire(kept: Kept): void {
    const { Target: target } = kept.input;
    const metric = (name: string) => world.telemetry.metric('AWS/Scheduler', name, { ScheduleGroup: kept.group }, 1);
    metric('InvocationAttemptCount');
    deliverWithRetries({
      clock: world.clock,
      policy: target.RetryPolicy ?? {},
      attempt: async () => {
        if (closed) return;
        await world.deliver(target.Arn, target.Input ?? '{}', {
          principal: 'scheduler.amazonaws.com',
          sourceArn: kept.arn,
          roleArn: target.RoleArn,
        });
      },
      succeeded: () => undefined,
      failed: (failure) => {
        metric('InvocationDroppedCount');
        const queue = target.DeadLetterConfig?.Arn;
        if (queue === undefined) return;
        const attributes = {
          SCHEDULE_ARN: kept.arn,
          TARGET_ARN: target.Arn,
          ERROR_CODE: failure.code,
          ERROR_MESSAGE: failure.message,
        };
        world.bury(queue, { body: target.Input ?? '{}', attributes }).then(
          () => metric('InvocationsSentToDeadLetterCount'),
          () => metric('InvocationsFailedToBeSentToDeadLetterCount'),
        );
      },
    });
  }

  function keepTime(kept: Kept, schedule: Schedule, afterMs: number): void {
    const dueMs = schedule.next(afterMs);
    if (dueMs === undefined) return;
    world.clock.at(dueMs, () => {
      if (closed) return;
      if (kept.input.State !== 'DISABLED') fire(kept);
      keepTime(kept, schedule, dueMs);
    });
  }

  function describe(kept: Kept): Readonly<Record<string, unknown>> {
    const created = new Date(kept.createdMs);
    return {
      ...kept.input,
      Arn: kept.arn,
      GroupName: kept.group,
      State: kept.input.State ?? 'ENABLED',
      ScheduleExpressionTimezone: kept.input.ScheduleExpressionTimezone ?? 'UTC',
      CreationDate: created,
      LastModificationDate: created,
    };
  }

  function create(input: ScheduleInput): string {
    const group = input.GroupName ?? 'default';
    const key = `${group}/${input.Name}`;
    if (!groups.has(group))
      throw new AwsError('ResourceNotFoundException', 404, `Schedule group ${group} does not exist.`);
    if (schedules.has(key)) throw new AwsError('ConflictException', 409, `Schedule ${input.Name} already exists.`);
    if (input.FlexibleTimeWindow.Mode !== 'OFF') {
      throw new AwsError('ValidationException', 400, 'The local Scheduler knows FlexibleTimeWindow OFF only.');
    }
    const nowMs = world.clock.now();
    let schedule: Schedule;
    try {
      schedule = parseSchedule(input.ScheduleExpression, {
        startMs: nowMs,
        ...(input.ScheduleExpressionTimezone === undefined ? {} : { timeZone: input.ScheduleExpressionTimezone }),
      });
    } catch (error) {
      if (error instanceof ScheduleExpressionError) throw new AwsError('ValidationException', 400, error.message);
      throw error;
    }
    const kept: Kept = { arn: `${arnBase}:schedule/${key}`, input, group, createdMs: nowMs };
    schedules.set(key, kept);
    // A rate without a start date begins at once. [docs: "your schedule starts invoking the target immediately"]
    keepTime(kept, schedule, input.ScheduleExpression.startsWith('rate') ? nowMs - 1 : nowMs);
    return kept.arn;
  }

  return {
    name: 'scheduler',
    async call(operation, input) {
      switch (operation) {
        case 'CreateSchedule':
          return { ScheduleArn: create(input as unknown as ScheduleInput) };
        case 'GetSchedule': {
          const kept = schedules.get(keyOf(input));
          if (kept === undefined) {
            throw new AwsError('ResourceNotFoundException', 404, `Schedule ${keyOf(input)} does not exist.`);
          }
          return describe(kept);
        }
        case 'ListSchedules': {
          const found = [...schedules.values()].filter(
            (kept) =>
              (input['GroupName'] === undefined || kept.group === input['GroupName']) &&
              kept.input.Name.startsWith(named(input['NamePrefix'], '')),
          );
          return {
            Schedules: found.map((kept) => ({
              ...describe(kept),
              Name: kept.input.Name,
              Target: { Arn: kept.input.Target.Arn },
            })),
          };
        }
        default:
          throw new AwsError('UnknownOperationException', 404, `The local Scheduler has no operation ${operation}.`);
      }
    },
    createSchedule: create,
    createGroup(name) {
      if (groups.has(name)) throw new AwsError('ConflictException', 409, `Schedule group ${name} already exists.`);
      groups.add(name);
      return `${arnBase}:schedule-group/${name}`;
    },
    close() {
      closed = true;
    },
  };
}
