import { describe, expect, it } from 'vitest';
import { shutsOut } from '../../../recovery/readiness/trustPolicy.ts';

const live =
  'arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/orders-cdc/6f1d2c3b-1111-4222-8333-abcdefabcdef-2';
const anyOfItsName = 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/orders-cdc/*';

const trust = (condition?: object, changes: object = {}) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'kafkaconnect.amazonaws.com' },
      Action: 'sts:AssumeRole',
      ...(condition === undefined ? {} : { Condition: condition }),
      ...changes,
    },
  ],
});
const account = { StringEquals: { 'aws:SourceAccount': '111122223333' } };
const nobody = ['no statement of its trust policy lets kafkaconnect.amazonaws.com take the role'];
const exactly = (arn: string) => [`its trust policy asks for aws:SourceArn ${arn}`];

describe('whom an execution role lets in after a recreation', () => {
  it.each<[string, object, readonly string[]]>([
    ['any connector', trust(), []],
    ['any of the account', trust(account), []],
    ['those of the name, whatever comes after', trust({ ...account, ArnLike: { 'aws:SourceArn': anyOfItsName } }), []],
    ['the key in other letters', trust({ ArnLike: { 'AWS:sourceARN': anyOfItsName } }), []],
    ['one of several patterns', trust({ ArnLike: { 'aws:SourceArn': [live, anyOfItsName] } }), []],
    [
      'by a second statement',
      { Statement: [...trust({ ArnLike: { 'aws:SourceArn': live } }).Statement, ...trust().Statement] },
      [],
    ],
    [
      'several services',
      trust(undefined, { Principal: { Service: ['ecs.amazonaws.com', 'kafkaconnect.amazonaws.com'] } }),
      [],
    ],
    [
      'this one and none after it, as AWS’s own example has it',
      trust({ ...account, ArnLike: { 'aws:SourceArn': live } }),
      exactly(live),
    ],
    [
      'a wildcard that is none under StringEquals',
      trust({ StringEquals: { 'aws:SourceArn': anyOfItsName } }),
      exactly(anyOfItsName),
    ],
    [
      'two conditions of which one is too narrow',
      trust({ ArnLike: { 'aws:SourceArn': anyOfItsName }, StringLike: { 'aws:SourceArn': live } }),
      exactly(live),
    ],
    ['another service', trust(undefined, { Principal: { Service: 'lambda.amazonaws.com' } }), nobody],
    ['nobody, by a deny alone', trust(undefined, { Effect: 'Deny' }), nobody],
    ['another act', trust(undefined, { Action: 'sts:TagSession' }), nobody],
    ['a policy that is none', {}, nobody],
  ])('%s', (_, policy, shut) => {
    expect(shutsOut(policy, live)).toEqual(shut);
  });
});
