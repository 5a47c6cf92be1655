import type { VirtualClock } from '../../local/virtualClock.ts';
import { keys } from '../../settings/environment.ts';
import { type Account, bucket } from './account.ts';
import type { Deed, History, StoreDeed } from './history.ts';
import type { Keeper } from './keeper.ts';

export interface PersonsOptions {
  readonly account: Account;
  readonly clock: VirtualClock;
  readonly history: History;
  readonly keeper: Keeper;
  readonly isCalm: () => boolean;
  /** The services' states may have changed. */
  readonly afterCall: () => void;
}

type Fields = Readonly<Record<string, unknown>>;

const retrySeconds = 15;

/** People who do by hand what they please, in MSK Connect and in the product's bucket. */
export class Persons {
  readonly #options: PersonsOptions;

  constructor(options: PersonsOptions) {
    this.#options = options;
  }

  /** Does it, again and again while MSK Connect refuses and the person has patience. */
  async act(deed: Deed): Promise<void> {
    const { clock, isCalm } = this.#options;
    const untilMs = clock.now() + deed.seconds * 1000;
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      if (await this.#once(deed)) return;
      if (clock.now() + retrySeconds * 1000 > untilMs || isCalm()) return;
      // oxlint-disable-next-line no-await-in-loop -- as above
      await clock.sleep(retrySeconds * 1000);
      if (isCalm()) return;
    }
  }

  async #once(deed: Deed): Promise<boolean> {
    const { account, history, keeper, afterCall } = this.#options;
    const plan = history.connectors[deed.connector];
    const request = account.requests[deed.connector];
    if (plan === undefined || request === undefined) return true;
    const found = account.connect.inventory().findLast(({ name }) => name === plan.name);
    if (deed.kind === 'own-operation') return this.#ownOperation(deed, plan.name);
    if ((found === undefined) !== (deed.kind === 'person-recreates')) return false;
    const connectorArn = found?.arn ?? '';
    const calls: Readonly<Record<Deed['kind'], readonly [string, Fields]>> = {
      'person-deletes': ['DeleteConnector', { connectorArn }],
      'person-pauses': ['PauseConnector', { connectorArn }],
      'person-resumes': ['ResumeConnector', { connectorArn }],
      'person-updates': ['UpdateConnector', await this.#update(connectorArn)],
      'person-recreates': ['CreateConnector', { ...request }],
      'own-operation': ['', {}],
    };
    const [operation, input] = calls[deed.kind];
    const answer = await keeper.byPerson(account.connect, operation, input);
    const accepted = !(answer instanceof Error);
    const arn = accepted && 'connectorArn' in answer ? String(answer['connectorArn']) : connectorArn;
    this.#wrote(plan.name, deed.kind, accepted, arn);
    if (accepted) keeper.hit(deed.kind, { connector: plan.name, call: keeper.calls.length - 1 });
    afterCall();
    return accepted;
  }

  async #update(connectorArn: string): Promise<Fields> {
    if (connectorArn === '') return {};
    const described = await this.#options.account.connect.call('DescribeConnector', { connectorArn });
    const configuration = described['connectorConfiguration'] as Readonly<Record<string, string>>;
    return {
      connectorArn,
      currentVersion: described['currentVersion'],
      connectorConfiguration: { ...configuration, 'max.batch.size': '4096' },
    };
  }

  /** AWS's own, which blocks every other. */
  #ownOperation(deed: Deed, name: string): boolean {
    const { account, clock, keeper } = this.#options;
    const state = account.connect.inventory().findLast((one) => one.name === name)?.state;
    if (state !== 'RUNNING') return true;
    const end = account.connect.beginOwnOperation(name, 'RESTORE_CONNECTOR');
    keeper.hit(deed.kind, { connector: name });
    clock.at(clock.now() + deed.seconds * 1000, end);
    return true;
  }

  #wrote(name: string, did: string, accepted: boolean, arn: string): void {
    const { keeper, clock } = this.#options;
    const persons = keeper.connectors.get(name)?.persons;
    persons?.push({ atMs: clock.now(), did, accepted, ...(arn === '' ? {} : { arn }) });
  }

  /** Lays hands on the product's objects; where there is nothing to lay hands on nothing befell. */
  async tamper(deed: StoreDeed): Promise<void> {
    const { account, history, keeper } = this.#options;
    const plan = history.connectors[deed.connector];
    if (plan === undefined) return;
    const journal = `${keys.journals}${plan.name}.json`;
    const saved = `${keys.savedConfigs}${plan.name}.json`;
    const put = async (Key: string, Body: string) => {
      await keeper.byPerson(account.s3, 'PutObject', { Bucket: bucket, Key, Body });
    };
    const remove = async (Key: string) => {
      await keeper.byPerson(account.s3, 'DeleteObject', { Bucket: bucket, Key });
    };
    switch (deed.kind) {
      case 'journal-cut':
      case 'journal-from-older-version':
      case 'journal-gone': {
        const text = await this.text(journal);
        if (text === undefined) return;
        if (deed.kind === 'journal-gone') await remove(journal);
        else await put(journal, deed.kind === 'journal-cut' ? text.slice(0, text.length / 2) : fromOlderVersion(text));
        break;
      }
      case 'journal-rolled-back': {
        const written = keeper.calls.filter(
          ({ operation, input, carriedOut }) => operation === 'PutObject' && carriedOut && input['Key'] === journal,
        );
        const old = written.at(-4)?.input['Body'];
        if (old === undefined) return;
        await put(journal, Buffer.from(old as string).toString('utf8'));
        break;
      }
      case 'backup-gone': {
        const newest = (await this.backups(plan.name)).at(-1);
        if (newest === undefined) return;
        await remove(newest.key);
        break;
      }
      case 'saved-changed': {
        const text = await this.text(saved);
        if (text === undefined) return;
        await put(saved, text.replace('"mcuCount":1', '"mcuCount":2').replace('"mcuCount": 1', '"mcuCount": 2'));
        break;
      }
      case 'saved-broken':
        await put(saved, '{"connectorName": "somebody is still wri');
        break;
      case 'saved-gone':
        if ((await this.text(saved)) === undefined) return;
        await remove(saved);
    }
    keeper.hit(deed.kind, { connector: plan.name, call: keeper.calls.length - 1 });
  }

  /** An object's text as it lies there, without a call in the record. */
  async text(key: string): Promise<string | undefined> {
    try {
      const { Body } = await this.#options.account.s3.call('GetObject', { Bucket: bucket, Key: key });
      return Buffer.from(Body as Uint8Array).toString('utf8');
    } catch {
      return undefined;
    }
  }

  /** A connector's backups, oldest first. */
  async backups(name: string): Promise<{ readonly key: string; readonly text: string }[]> {
    const listed = await this.#options.account.s3.call('ListObjectsV2', {
      Bucket: bucket,
      Prefix: `${keys.backups}${name}/`,
    });
    const found = (listed['Contents'] ?? []) as readonly { readonly Key: string }[];
    return Promise.all(found.map(async ({ Key }) => ({ key: Key, text: (await this.text(Key)) ?? '' })));
  }
}

/** Fields that only later versions write are missing; those without which it would be another journal are there. */
function fromOlderVersion(text: string): string {
  let journal: Readonly<Record<string, unknown>>;
  try {
    journal = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return text;
  }
  const { schema, connector, lease, recovery, history } = journal;
  const { id, openedAt, trigger, verdict, acts } = (recovery ?? {}) as Readonly<Record<string, unknown>>;
  return JSON.stringify({
    schema,
    connector,
    ...(lease === undefined ? {} : { lease }),
    ...(recovery === undefined ? {} : { recovery: { id, openedAt, trigger, verdict, acts } }),
    history,
  });
}
