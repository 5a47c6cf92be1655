/** Whose services these are: part of every ARN, event and message. */
export interface LocalAccount {
  readonly region: string;
  readonly accountId: string;
}

/** The account number that AWS's own documentation uses in examples. */
export const exampleAccount: LocalAccount = { region: 'eu-central-1', accountId: '123456789012' };
