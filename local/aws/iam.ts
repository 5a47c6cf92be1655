import type { GetRoleCommandInput } from '@aws-sdk/client-iam';
import type { LocalAccount } from './account.ts';
import { AwsError } from './awsError.ts';
import { dispatch, type Handlers } from './dispatch.ts';
import type { LocalService } from './service.ts';

/** Roles by name, each with its trust policy; to be read and not enforced. */
export class LocalIam implements LocalService {
  readonly name = 'iam';
  readonly #account: LocalAccount;
  readonly #roles = new Map<string, object>();

  constructor(account: LocalAccount) {
    this.#account = account;
  }

  call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    return dispatch(this.name, this.#handlers, operation, input);
  }

  /** Makes a role, or changes whom it trusts. */
  putRole(name: string, trustPolicy: object): void {
    this.#roles.set(name, trustPolicy);
  }

  readonly #handlers: Handlers = {
    GetRole: ({ RoleName: name = '' }: GetRoleCommandInput) => {
      const trusts = this.#roles.get(name);
      if (trusts === undefined) {
        throw new AwsError('NoSuchEntityException', 404, `The role with name ${name} cannot be found.`);
      }
      return {
        Role: {
          RoleName: name,
          Path: '/',
          RoleId: 'AROAEXAMPLE',
          Arn: `arn:aws:iam::${this.#account.accountId}:role/${name}`,
          CreateDate: new Date(0),
          // Percent-encoded, as IAM gives every policy: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
          AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trusts)),
        },
      };
    },
  };
}
