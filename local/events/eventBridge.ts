import { randomUUID } from 'node:crypto';
import type { BusEvent } from '../aws/alarmEvent.ts';
import { AwsError } from '../aws/awsError.ts';
import type { LocalService } from '../aws/service.ts';
import { compilePattern, EventPatternError, type EventPattern } from './eventPattern.ts';
import { deliverWithRetries, type RetryPolicy } from './retriedDelivery.ts';
import { parseSchedule, ScheduleExpressionError, type Schedule } from './scheduleExpression.ts';
import { targetInput, type TargetInput } from './targetInput.ts';
import type { EventsWorld } from './targets.ts';

export interface RuleTarget extends TargetInput {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly RetryPolicy?: RetryPolicy;
  readonly DeadLetterConfig?: { readonly Arn?: string };
}

export interface RuleDefinition {
  readonly name: string;
  readonly arn: string;
  readonly eventPattern?: EventPattern;
  readonly scheduleExpression?: string;
  readonly state: 'ENABLED' | 'DISABLED';
}

export interface EventBridge extends LocalService {
  readonly name: 'events';
  /** @throws AwsError InvalidEventPatternException, ValidationException */
  putRule(rule: RuleDefinition): void;
  /** @throws AwsError when there is no such rule. */
  putTargets(ruleName: string, targets: readonly RuleTarget[]): void;
  /** Takes an event of an AWS service as it is, such as a CloudWatch alarm's. */
  receive(event: BusEvent): void;
  /** Every event that came in, oldest first, at most the last thousand. */
  readonly seen: readonly BusEvent[];
  /** Nothing is started any more. */
  close(): void;
}

interface Rule {
  readonly definition: RuleDefinition;
  readonly matches: ReturnType<typeof compilePattern>;
  readonly targets: Map<string, RuleTarget>;
}

const keptEvents = 1000;

/** The default event bus: rules with patterns or schedules, input transformers, targets with retries and dead letters. */
export function eventBridge(world: EventsWorld): EventBridge {
  const rules = new Map<string, Rule>();
  const seen: BusEvent[] = [];
  let closed = false;

  const metric = (rule: string, name: string) => world.telemetry.metric('AWS/Events', name, { RuleName: rule }, 1);

  function deliver(rule: Rule, target: RuleTarget, event: BusEvent, ingestionTime: string): void {
    const { arn, name } = rule.definition;
    metric(name, 'Invocations');
    deliverWithRetries({
      clock: world.clock,
      policy: target.RetryPolicy ?? {},
      attempt: async () => {
        if (closed) return;
        await world.deliver(target.Arn, targetInput(target, event, { arn, name, ingestionTime }), {
          principal: 'events.amazonaws.com',
          sourceArn: arn,
          ...(target.RoleArn === undefined ? {} : { roleArn: target.RoleArn }),
        });
      },
      succeeded: () => undefined,
      failed: (failure) => {
        metric(name, 'FailedInvocations');
        const queue = target.DeadLetterConfig?.Arn;
        if (queue === undefined) return;
        const attributes = {
          RULE_ARN: arn,
          TARGET_ARN: target.Arn,
          ERROR_CODE: failure.code,
          ERROR_MESSAGE: failure.message,
        };
        world.bury(queue, { body: JSON.stringify(event), attributes }).then(
          () => metric(name, 'InvocationsSentToDlq'),
          () => metric(name, 'InvocationsFailedToBeSentToDlq'),
        );
      },
    });
  }

  function trigger(rule: Rule, event: BusEvent): void {
    metric(rule.definition.name, 'TriggeredRules');
    const ingestionTime = new Date(world.clock.now()).toISOString();
    for (const target of rule.targets.values()) deliver(rule, target, event, ingestionTime);
  }

  function arrive(event: BusEvent): void {
    seen.push(event);
    if (seen.length > keptEvents) seen.shift();
    for (const rule of rules.values()) {
      if (rule.definition.state === 'ENABLED' && rule.matches(event)) {
        metric(rule.definition.name, 'MatchedEvents');
        trigger(rule, event);
      }
    }
  }

  function envelope(
    source: string,
    detailType: string,
    detail: unknown,
    resources: readonly string[],
    time: Date,
  ): BusEvent {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: world.account.accountId,
      // Without milliseconds, as EventBridge writes it.
      time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
      region: world.account.region,
      resources,
      detail: detail as BusEvent['detail'],
    };
  }

  function keepTime(rule: Rule, schedule: Schedule): void {
    const dueMs = schedule.next(world.clock.now());
    if (dueMs === undefined) return;
    world.clock.at(dueMs, () => {
      if (closed || rules.get(rule.definition.name) !== rule) return;
      if (rule.definition.state === 'ENABLED') {
        trigger(rule, envelope('aws.events', 'Scheduled Event', {}, [rule.definition.arn], new Date(dueMs)));
      }
      keepTime(rule, schedule);
    });
  }

  function putEntry(entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const { Source, DetailType, Detail } = entry;
    const bus = typeof entry['EventBusName'] === 'string' ? entry['EventBusName'] : 'default';
    const refuse = (ErrorCode: string, ErrorMessage: string) => ({ ErrorCode, ErrorMessage });
    if (typeof Source !== 'string' || typeof DetailType !== 'string' || typeof Detail !== 'string') {
      return refuse('InvalidArgument', 'Source, DetailType and Detail are required.');
    }
    if (Source.startsWith('aws.')) {
      return refuse('NotAuthorizedForSourceException', `Not authorized for the source ${Source}.`);
    }
    if (bus !== 'default' && !bus.endsWith(':event-bus/default')) {
      return refuse('InvalidArgument', `There is only the default event bus here, not ${bus}.`);
    }
    let detail: unknown;
    try {
      detail = JSON.parse(Detail);
    } catch {
      return refuse('MalformedDetail', 'Detail is malformed.');
    }
    const time = entry['Time'] instanceof Date ? entry['Time'] : new Date(world.clock.now());
    const event = envelope(
      Source,
      DetailType,
      detail,
      (entry['Resources'] as readonly string[] | undefined) ?? [],
      time,
    );
    arrive(event);
    return { EventId: event.id };
  }

  return {
    name: 'events',
    async call(operation, input) {
      if (operation !== 'PutEvents') {
        throw new AwsError('UnknownOperationException', 400, `The local EventBridge has no operation ${operation}.`);
      }
      const entries = (input['Entries'] as readonly Readonly<Record<string, unknown>>[] | undefined) ?? [];
      if (entries.length < 1 || entries.length > 10) {
        throw new AwsError('ValidationException', 400, `Entries must have 1 to 10 members, got ${entries.length}.`);
      }
      const results = entries.map(putEntry);
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
    },
    putRule(definition) {
      const { eventPattern, scheduleExpression } = definition;
      if (eventPattern === undefined && scheduleExpression === undefined) {
        throw new AwsError('ValidationException', 400, `Rule ${definition.name} has neither a pattern nor a schedule.`);
      }
      try {
        const rule: Rule = {
          definition,
          matches: eventPattern === undefined ? () => false : compilePattern(eventPattern),
          targets: rules.get(definition.name)?.targets ?? new Map<string, RuleTarget>(),
        };
        const nowMs = world.clock.now();
        const schedule =
          scheduleExpression === undefined ? undefined : parseSchedule(scheduleExpression, { startMs: nowMs });
        rules.set(definition.name, rule);
        if (schedule !== undefined) keepTime(rule, schedule);
      } catch (error) {
        if (error instanceof EventPatternError) throw new AwsError('InvalidEventPatternException', 400, error.message);
        if (error instanceof ScheduleExpressionError) throw new AwsError('ValidationException', 400, error.message);
        throw error;
      }
    },
    putTargets(ruleName, targets) {
      const rule = rules.get(ruleName);
      if (rule === undefined) throw new AwsError('ResourceNotFoundException', 400, `Rule ${ruleName} does not exist.`);
      if (rule.targets.size + targets.length > 5) {
        throw new AwsError('LimitExceededException', 400, `Rule ${ruleName} has more than 5 targets.`);
      }
      for (const target of targets) rule.targets.set(target.Id, target);
    },
    receive(event) {
      arrive(structuredClone(event));
    },
    seen,
    close() {
      closed = true;
    },
  };
}
