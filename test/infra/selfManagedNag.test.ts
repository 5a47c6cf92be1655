import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import type { SelfManagedFile } from '../../settings/selfManagedDeploySchema.ts';
import { scram, secrets, selfManagedApp, selfManagedTemplate } from './selfManagedSynthesized.ts';
import { deployed, resources } from './synthesized.ts';

const arn = 'arn:aws:sns:ap-northeast-2:111122223333:people';
const keyArn = 'arn:aws:kms:ap-northeast-2:111122223333:key/6f1d2c3b-0000-4000-8000-000000000002';

test.each<[string, Partial<SelfManagedFile>]>([
  ['as it is by default', {}],
  ['with two workers', { connect: { workers: 2 } }],
  ['with a shell for who asks for it', { executeCommand: true }],
  ['without TLS', { kafka: { security: 'plaintext', bootstrapServers: ['b-1.shop.example.com:9092'] } }],
  ['with credentials of the broker and of a database', { kafka: scram, secrets }],
  [
    "with MSK's own login",
    {
      kafka: {
        security: 'iam',
        bootstrapServers: ['b-1.shop.example.com:9098'],
        clusterArn: 'arn:aws:kafka:ap-northeast-2:111122223333:cluster/shop/6f1d2c3b-0000-4000-8000-000000000001-2',
      },
    },
  ],
  ['with a topic of its own', { notify: { emails: ['oncall@example.com'] } }],
  ['with a topic that is there', { notify: { topic: { arn } } }],
  ['with a topic that is there, and encrypted', { notify: { topic: { arn, keyArn } } }],
  [
    'with an image of your own',
    { connect: { image: '111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/connect:1.4.0' } },
  ],
  ['with several of it at once', { connect: { workers: 3 }, executeCommand: true, kafka: scram, secrets }],
])("cdk-nag's AwsSolutions has nothing to say of the second stack that is not answered: %s", (_title, changes) => {
  const app = selfManagedApp(changes);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
});

test('what is answered for a shell is no more than the four channels', () => {
  const policies = Object.values(resources(selfManagedTemplate({ executeCommand: true }), 'AWS::IAM::Policy'))
    .map(({ Properties }) => deployed(Properties) as Policy)
    .filter(({ PolicyName }) => PolicyName.includes('TaskRole'));
  expect(policies.map(({ PolicyDocument }) => PolicyDocument.Statement)).toEqual([
    [
      {
        Effect: 'Allow',
        Action: [
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        Resource: '*',
      },
    ],
  ]);
});

interface Policy {
  readonly PolicyName: string;
  readonly PolicyDocument: { readonly Statement: readonly unknown[] };
}
