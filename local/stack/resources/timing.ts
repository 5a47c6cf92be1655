import type { EventPattern } from '../../events/eventPattern.ts';
import type { RuleTarget } from '../../events/eventBridge.ts';
import type { ScheduleInput } from '../../events/scheduler.ts';
import { list, object, optionalText, physicalName, type ResourceType } from '../resource.ts';

const targetProperties = new Set([
  'Arn',
  'DeadLetterConfig',
  'Id',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'RoleArn',
]);

const rule: ResourceType = {
  uses: ['EventBusName', 'EventPattern', 'Name', 'ScheduleExpression', 'State', 'Targets'],
  ignores: ['Description', 'Tags'],
  deploy(resource, { events, region, accountId }) {
    const bus = optionalText(resource, 'EventBusName') ?? 'default';
    if (bus !== 'default') throw new Error(`EventBusName ${bus} is not known here, only the default bus`);
    const name = optionalText(resource, 'Name') ?? physicalName(resource, 64);
    const arn = `arn:aws:events:${region}:${accountId}:rule/${name}`;
    const eventPattern = resource.properties['EventPattern'];
    const scheduleExpression = optionalText(resource, 'ScheduleExpression');
    const targets = list(resource, 'Targets');
    for (const target of targets) {
      const unknown = Object.keys(target).filter((property) => !targetProperties.has(property));
      if (unknown.length > 0) throw new Error(`Targets: ${unknown.join(', ')} is not built here`);
    }
    events.putRule({
      name,
      arn,
      state: optionalText(resource, 'State') === 'DISABLED' ? 'DISABLED' : 'ENABLED',
      ...(eventPattern === undefined ? {} : { eventPattern: eventPattern as EventPattern }),
      ...(scheduleExpression === undefined ? {} : { scheduleExpression }),
    });
    events.putTargets(name, targets as unknown as readonly RuleTarget[]);
    return { ref: name, attributes: { Arn: arn } };
  },
};

const schedule: ResourceType = {
  uses: [
    'FlexibleTimeWindow',
    'GroupName',
    'Name',
    'ScheduleExpression',
    'ScheduleExpressionTimezone',
    'State',
    'Target',
  ],
  ignores: ['Description', 'KmsKeyArn'],
  deploy(resource, { scheduler }) {
    const known = new Set(['Arn', 'DeadLetterConfig', 'Input', 'RetryPolicy', 'RoleArn']);
    const unknown = Object.keys(object(resource, 'Target')).filter((property) => !known.has(property));
    if (unknown.length > 0) throw new Error(`Target: ${unknown.join(', ')} is not built here`);
    const name = optionalText(resource, 'Name') ?? physicalName(resource, 64);
    const arn = scheduler.createSchedule({ ...resource.properties, Name: name } as unknown as ScheduleInput);
    return { ref: name, attributes: { Arn: arn } };
  },
};

const scheduleGroup: ResourceType = {
  uses: ['Name'],
  ignores: ['Tags'],
  deploy(resource, { scheduler }) {
    const name = optionalText(resource, 'Name') ?? physicalName(resource, 64);
    return { ref: name, attributes: { Arn: scheduler.createGroup(name) } };
  },
};

export const timing: Readonly<Record<string, ResourceType>> = {
  'AWS::Events::Rule': rule,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
};
