import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import type { ConnectorEntry } from '../../settings/schema.ts';
import { appFor, deployed, fullSource, resources, stacksOf } from './synthesized.ts';

/** Every alarm, a schedule, and a log group, a role and a bucket of their own: nothing that could be shared is. */
function greedy(index: number, length: number): ConnectorEntry {
  const number = String(index).padStart(2, '0');
  const name = `${'n'.repeat(length - 2)}${number}`;
  return fullSource({
    name,
    logGroup: `/msk-connect/${name}`,
    executionRoleArn: `arn:aws:iam::111122223333:role/${'r'.repeat(50)}${number}`,
    savedConfig: { bucket: `${'b'.repeat(40)}${number}`, key: `connectors/${name}.json` },
    preventiveRestart: { schedule: 'cron(0 2 ? * SUN *)', timeZone: 'Asia/Seoul' },
  });
}

const utf8 = (value: unknown) => Buffer.byteLength(JSON.stringify(value, null, 1));

test.each([
  ['of 40 characters', 40],
  ['of 128 characters', 128],
])(
  'fifty connectors with names %s stay under the limits of CloudFormation, IAM and Lambda',
  { timeout: 60_000 },
  (_, length) => {
    const app = appFor({ connectors: Array.from({ length: 50 }, (_unused, index) => greedy(index, length)) });
    const stacks = stacksOf(app);
    expect(stacks.map(({ stackName }) => stackName)).toEqual(['connector-recovery', 'connector-recovery-alarms-2']);
    const templates = stacks.map((stack) => Template.fromStack(stack));
    for (const template of templates) {
      const json = template.toJSON() as { Resources: object; Outputs?: object };
      expect(Object.keys(json.Resources).length).toBeLessThan(500);
      expect(Object.keys(json.Outputs ?? {}).length).toBeLessThan(200);
      expect(utf8(json)).toBeLessThan(1_000_000);
    }
    const alarmNames = templates.flatMap((template) =>
      Object.values(resources(template, 'AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties['AlarmName']),
    );
    expect(new Set(alarmNames).size).toBe(50 * 7 + 4);
    expect(alarmNames).toHaveLength(50 * 7 + 4);

    const [first] = templates;
    if (first === undefined) throw new Error('there is no stack');
    const managed = Object.values(resources(first, 'AWS::IAM::ManagedPolicy')).map(({ Properties }) =>
      JSON.stringify(deployed(Properties['PolicyDocument'])),
    );
    // An ARN that is only known when deployed stands here by its short logical id; the margin of the packing is for that.
    expect(Math.max(...managed.map((text) => text.length))).toBeLessThan(6_144);
    expect(managed.length).toBeLessThanOrEqual(10);
    const inline = Object.values(resources(first, 'AWS::IAM::Policy')).map(({ Properties }) =>
      JSON.stringify(deployed(Properties['PolicyDocument'])),
    );
    expect(Math.max(...inline.map((text) => text.length))).toBeLessThan(2_000);
    const [lambda] = Object.values(resources(first, 'AWS::Lambda::Function'));
    expect(utf8(lambda?.Properties['Environment'])).toBeLessThan(4_096);
    expect(utf8(Object.values(resources(first, 'AWS::Lambda::Permission')))).toBeLessThan(20_000);
  },
);

test('the alarms of a further stack tell the same people', { timeout: 60_000 }, () => {
  const stacks = stacksOf(appFor({ connectors: Array.from({ length: 50 }, (_, index) => greedy(index, 20)) }));
  const further = stacks.at(-1);
  if (!Stack.isStack(further)) throw new Error('there is no further stack');
  const lags = Object.values(resources(Template.fromStack(further), 'AWS::CloudWatch::Alarm')).filter(
    ({ Properties }) => String(Properties['AlarmName']).endsWith('/lag'),
  );
  expect(lags.length).toBeGreaterThan(0);
  for (const { Properties } of lags) {
    expect(Properties['AlarmActions']).toEqual([
      { 'Fn::ImportValue': expect.stringMatching(/^connector-recovery:ExportsOutputRef.*Topic/) },
    ]);
  }
});
