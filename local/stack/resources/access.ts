import { createHash } from 'node:crypto';
import { optionalText, physicalName, text, type Deployed, type Resource, type ResourceType } from '../resource.ts';

const tail = (resource: Resource) =>
  createHash('sha256').update(`${resource.stackName}/${resource.logicalId}`).digest('hex');

/** Keys, roles and policies are kept so that checks can walk them; nothing here asks whether a caller may. */
function keep(
  uses: readonly string[],
  identify: (resource: Resource, place: string) => Deployed,
  ignores: readonly string[] = [],
): ResourceType {
  return {
    uses,
    ignores,
    deploy(resource, { kept, accountId, region }) {
      const deployed = identify(resource, `${region}:${accountId}`);
      const arn = deployed.attributes['Arn'];
      const { type, logicalId, properties } = resource;
      kept.push({ type, logicalId, properties, ...(arn === undefined ? {} : { arn }) });
      return deployed;
    },
  };
}

const accountOf = (place: string) => place.split(':')[1] ?? '';

const role = keep(
  ['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Path', 'Policies', 'RoleName'],
  (resource, place) => {
    const name = optionalText(resource, 'RoleName') ?? physicalName(resource, 64);
    const path = optionalText(resource, 'Path') ?? '/';
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:iam::${accountOf(place)}:role${path}${name}`,
        RoleId: `AROA${tail(resource).slice(0, 17).toUpperCase()}`,
      },
    };
  },
  ['Description', 'MaxSessionDuration', 'PermissionsBoundary', 'Tags'],
);

const policy = keep(['Groups', 'PolicyDocument', 'PolicyName', 'Roles', 'Users'], (resource) => ({
  ref: text(resource, 'PolicyName'),
  attributes: {},
}));

const managedPolicy = keep(
  ['Groups', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles', 'Users'],
  (resource, place) => {
    const name = optionalText(resource, 'ManagedPolicyName') ?? physicalName(resource, 128);
    const arn = `arn:aws:iam::${accountOf(place)}:policy${optionalText(resource, 'Path') ?? '/'}${name}`;
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
  ['Description'],
);

const key = keep(
  ['KeyPolicy'],
  (resource, place) => {
    const id = tail(resource).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
    return { ref: id, attributes: { Arn: `arn:aws:kms:${place}:key/${id}`, KeyId: id } };
  },
  [
    'Description',
    'EnableKeyRotation',
    'Enabled',
    'KeySpec',
    'KeyUsage',
    'PendingWindowInDays',
    'RotationPeriodInDays',
    'Tags',
  ],
);

const alias = keep(['AliasName', 'TargetKeyId'], (resource) => ({ ref: text(resource, 'AliasName'), attributes: {} }));

export const access: Readonly<Record<string, ResourceType>> = {
  'AWS::IAM::Role': role,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::KMS::Key': key,
  'AWS::KMS::Alias': alias,
};
