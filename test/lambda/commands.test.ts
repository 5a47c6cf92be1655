import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../local/aws/awsError.ts';
import { invoke, type InvocationContext } from '../../lambda/handler.ts';
import { commandStack, s3Holds } from '../../store/holds.ts';
import { s3Journals } from '../../store/journals.ts';
import { bucketObjects } from '../../store/objects.ts';
import { s3StandingOrders } from '../../store/standingOrders.ts';
import { summarize } from '../../lambda/summary.ts';
import { triage } from '../../lambda/triage.ts';
import type { Journal } from '../../recovery/journal.ts';
import { scripted, startServices, type TestServices } from './services.ts';
import { settings } from './settings.ts';

const functionArn = 'arn:aws:lambda:ap-northeast-2:111122223333:function:shop-recovery';
const home = { settings, functionArn, now: '2026-11-21T05:00:00.000Z' };
const arn =
  'arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/orders-cdc/11111111-aaaa-4bbb-8ccc-000000000001-2';
const known = 'orders-cdc, orders-cdc-old, orders-to-search';

describe('a person orders', () => {
  it.each([
    ['on a connector', { connector: 'orders-cdc', do: 'hold', who: 'kim' }],
    ['with a reason', { connector: 'orders-cdc', do: 'call-off', who: 'kim', why: 'migration' }],
    ['of what he was told of', { connector: 'orders-cdc', do: 'approve', who: 'kim', arn, version: 'K1' }],
  ])('%s', (_how, command) => {
    expect(triage(command, home)).toEqual({ kind: 'command', command });
  });

  it('on the whole stack', () => {
    expect(triage({ do: 'release', who: 'kim' }, home)).toEqual({
      kind: 'stack-command',
      command: { do: 'release', who: 'kim' },
    });
  });

  it('in text that is cleaned before it is kept', () => {
    expect(
      triage(
        { connector: 'orders-cdc', do: 'hold', who: ' kim\n{"event":"x"}', why: 'a\u001b[31m password=hunter2' },
        home,
      ),
    ).toEqual({
      kind: 'command',
      command: { connector: 'orders-cdc', do: 'hold', who: 'kim {"event":"x"}', why: 'a [31m password=***' },
    });
  });

  it.each<[string, object, string[]]>([
    [
      'everything wrong at once',
      { connector: 'orders', do: 'stop', why: 7, arn: 1, version: 2, force: true },
      [
        `connector: "orders" is not configured; expected one of ${known}`,
        'do: "stop"; expected accept, approve, call-off, hold or release',
        'who: nothing; expected who you are',
        'why: "number"; expected a text',
        'arn: "number"; expected a text',
        'version: "number"; expected a text',
        'unknown (keys: force); expected connector, do, who, why, arn, version',
      ],
    ],
    ['nobody', { connector: 'orders-cdc', do: 'hold', who: ' \n ' }, ['who: ""; expected who you are']],
    [
      'the words that the mail leaves to be filled in',
      { connector: 'orders-cdc', do: 'hold', who: 'your name' },
      ['who: "your name"; expected who you are'],
    ],
    [
      'texts that are too long',
      {
        connector: 'orders-cdc',
        do: 'approve',
        who: 'k'.repeat(81),
        why: 'w'.repeat(301),
        arn: 'a'.repeat(401),
        version: 'v'.repeat(81),
      },
      [
        'who: 81 characters; expected 80 at most',
        'why: 301 characters; expected 300 at most',
        'arn: 401 characters; expected 400 at most',
        'version: 81 characters; expected 80 at most',
      ],
    ],
    [
      'an approval of everything',
      { do: 'approve', who: 'kim' },
      ['connector: nothing; expected the one to approve, for only hold and release are on the whole stack'],
    ],
    [
      'a call-off of everything',
      { do: 'call-off', who: 'kim' },
      ['connector: nothing; expected the one to call-off, for only hold and release are on the whole stack'],
    ],
    [
      'a version to hold',
      { connector: 'orders-cdc', do: 'hold', who: 'kim', version: 'K1' },
      ['version: "K1"; expected nothing but with approve'],
    ],
    [
      'a remedy beside it',
      { connector: 'orders-cdc', do: 'hold', who: 'kim', remedy: 'restart' },
      ['unknown (keys: remedy); expected connector, do, who, why, arn, version'],
    ],
    [
      'a connector that is no name',
      { connector: { a: 1 }, do: 'hold', who: 'kim' },
      [`connector: "object" is not configured; expected one of ${known}`],
    ],
  ])('%s is rejected', (_what, event, faults) => {
    expect(triage(event, home)).toEqual({ kind: 'rejected', faults });
  });
});

let opened: TestServices | undefined;
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});

const noon = '2026-11-21T12:00:00.000Z';

describe('the hold over the stack', () => {
  const bucket = async () => {
    opened = await startServices();
    return bucketObjects(opened.clients.s3, 'shop');
  };

  it('is none where nobody ever ordered one', async () => {
    expect(await s3Holds(await bucket()).onStack()).toBeUndefined();
  });

  it('is kept with who, when and why, until it is released; each order once', async () => {
    const objects = await bucket();
    expect(await commandStack(objects, { do: 'hold', who: 'kim', why: 'migration' }, noon)).toEqual({
      changed: true,
      done: 'Every connector of the stack is held: no restart and no deletion until somebody releases it. What was deleted is created all the same.',
    });
    expect(await commandStack(objects, { do: 'hold', who: 'lee' }, '2026-11-21T12:05:00.000Z')).toEqual({
      changed: false,
      done: 'The stack is held already: by kim since 2026-11-21T12:00:00.000Z.',
    });
    expect(await s3Holds(objects).onStack()).toEqual({ on: 'stack', at: noon, who: 'kim', why: 'migration' });
    expect(await commandStack(objects, { do: 'release', who: 'lee' }, '2026-11-21T13:00:00.000Z')).toEqual({
      changed: true,
      done: 'Released: kim had held every connector of the stack since 2026-11-21T12:00:00.000Z.',
    });
    expect(await commandStack(objects, { do: 'release', who: 'lee' }, '2026-11-21T13:00:00.000Z')).toEqual({
      changed: false,
      done: 'The stack is not held.',
    });
    expect(await s3Holds(objects).onStack()).toBeUndefined();
    const stored = await objects.read('hold.json');
    expect(JSON.parse(stored.kind === 'read' ? stored.text : '')).toEqual({
      schema: 1,
      interventions: [
        { did: 'release', at: '2026-11-21T13:00:00.000Z', who: 'lee' },
        { did: 'hold', at: noon, who: 'kim', why: 'migration' },
      ],
      untold: [
        {
          did: 'hold',
          at: noon,
          who: 'kim',
          why: 'migration',
          done: 'Every connector of the stack is held: no restart and no deletion until somebody releases it. What was deleted is created all the same.',
        },
        {
          did: 'release',
          at: '2026-11-21T13:00:00.000Z',
          who: 'lee',
          done: 'Released: kim had held every connector of the stack since 2026-11-21T12:00:00.000Z.',
        },
      ],
    });
  });

  it.each([
    ['no JSON', '{"schema":1,', 'hold.json is not what this product writes'],
    ['another shape', '{"schema":2,"interventions":[]}', 'hold.json is not what this product writes'],
    ['too large', ' '.repeat(1_048_577), 'hold.json has 1048577 bytes'],
  ])('counts as one where it cannot be read (%s), and can be released', async (_why, text, unreadable) => {
    const objects = await bucket();
    await objects.write('hold.json', text);
    expect(await s3Holds(objects).onStack()).toEqual({ on: 'stack', unreadable });
    expect((await commandStack(objects, { do: 'release', who: 'kim' }, noon)).changed).toBe(true);
    expect(await s3Holds(objects).onStack()).toBeUndefined();
  });

  it('is not lost where two order at the same moment', async () => {
    const objects = await bucket();
    const answers = await Promise.all(
      ['kim', 'lee', 'max'].map((who) => commandStack(objects, { do: 'hold', who }, noon)),
    );
    expect(answers.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await s3Holds(objects).onStack()).toMatchObject({ on: 'stack' });
  });
});

describe('what is ordered of a connector, beside its journal', () => {
  const hold = { at: noon, who: 'kim', why: 'migration' };
  const calledOff = { at: noon, who: 'lee', of: 'r-1' };
  const start = async () => {
    opened = await startServices();
    const objects = bucketObjects(opened.clients.s3, 'shop');
    return { objects, orders: s3StandingOrders(objects) };
  };

  it('is nothing where nobody ever ordered anything, and is kept by compare and swap', async () => {
    const { objects, orders } = await start();
    expect(await orders.read('orders-cdc')).toEqual({ kind: 'read', orders: {}, tag: undefined });
    expect((await orders.write('orders-cdc', { hold, calledOff }, undefined)).kind).toBe('written');
    expect((await orders.write('orders-cdc', {}, undefined)).kind).toBe('lost');
    const found = await orders.read('orders-cdc');
    expect(found).toMatchObject({ kind: 'read', orders: { hold, calledOff } });
    expect((await orders.write('orders-cdc', {}, found.tag)).kind).toBe('written');
    expect(await objects.read('orders/orders-cdc.json')).toMatchObject({
      text: '{\n  "schema": 1,\n  "connector": "orders-cdc"\n}',
    });
  });

  it.each([
    ['no JSON', '{"schema":1,', 'orders/orders-cdc.json is not what this product writes'],
    [
      'of another version',
      '{"schema":2,"connector":"orders-cdc"}',
      'orders/orders-cdc.json is not what this product writes',
    ],
    ["another connector's", '{"schema":1,"connector":"a"}', 'orders/orders-cdc.json is not what this product writes'],
    ['too large', ' '.repeat(1_048_577), 'orders/orders-cdc.json has 1048577 bytes'],
  ])('is said to be broken where it is %s', async (_what, text, reason) => {
    const { objects, orders } = await start();
    await objects.write('orders/orders-cdc.json', text);
    expect(await orders.read('orders-cdc')).toMatchObject({ kind: 'broken', reason });
  });
});

describe('an order that reaches the function', () => {
  const context: InvocationContext = {
    awsRequestId: 'request-1',
    invokedFunctionArn: functionArn,
    getRemainingTimeInMillis: () => 60_000,
  };
  const handedOver: unknown[] = [];
  const refusal: { now: AwsError | undefined } = { now: undefined };
  const away = new AwsError('InternalError', 500, 'SNS is away');
  const denied = new AwsError('AuthorizationError', 403, 'no right');
  const held = '[connector-recovery] ALL CONNECTORS: held: no restarts, no deletions, by kim';
  const start = async () => {
    handedOver.splice(0);
    refusal.now = undefined;
    const nobody = scripted('kafkaconnect', { ListConnectors: () => ({ connectors: [] }) });
    const lambda = scripted('lambda', {
      Invoke: ({ Payload }) => {
        handedOver.push(JSON.parse(Buffer.from(Payload as Uint8Array).toString()));
        return { StatusCode: 202 };
      },
    });
    const published: unknown[] = [];
    const sns = scripted('sns', {
      Publish: ({ Subject }) => {
        if (refusal.now !== undefined) throw refusal.now;
        published.push(Subject);
        return { MessageId: '1' };
      },
    });
    opened = await startServices([nobody, lambda, sns]);
    const { clients } = opened;
    const topicArn = 'arn:aws:sns:ap-northeast-2:111122223333:people';
    const process = { settings, clients, bucket: 'shop', topicArn, writeLine: () => undefined };
    return { process, journals: s3Journals(bucketObjects(clients.s3, 'shop')), published };
  };
  const journal: Journal = { schema: 1, connector: 'orders-cdc', history: [] };

  it('holds a connector, answers what was done, and tells others once', async () => {
    const { process, journals, published } = await start();
    const command = { connector: 'orders-cdc', do: 'hold', who: 'kim' };
    expect(await invoke(process, command, context)).toEqual({
      kind: 'ordered',
      done: 'Held: no restart and no deletion until somebody releases it. What was deleted is created all the same.',
    });
    expect(await invoke(process, command, context)).toMatchObject({
      kind: 'ordered',
      done: expect.stringMatching(/^It is held already: kim/) as string,
    });
    expect(published).toEqual(['[connector-recovery] orders-cdc: held: no restarts, no deletions, by kim']);
    expect(await journals.read('orders-cdc')).toMatchObject({ journal: { hold: { who: 'kim' } } });
    expect(handedOver).toEqual([]);
  });

  it('releases the stack, tells once, and has those looked at that waited for it', async () => {
    const { process, journals, published } = await start();
    await journals.write('orders-cdc', { ...journal, standing: { key: 'dead/held', since: noon } }, undefined);
    await invoke(process, { do: 'hold', who: 'kim' }, context);
    await invoke(process, { do: 'release', who: 'lee' }, context);
    await invoke(process, { do: 'release', who: 'lee' }, context);
    expect(published).toEqual([
      '[connector-recovery] ALL CONNECTORS: held: no restarts, no deletions, by kim',
      '[connector-recovery] ALL CONNECTORS: released by lee',
    ]);
    expect(handedOver).toEqual([
      { source: 'connector-recovery.look', connector: 'orders-cdc', why: 'lee released the stack' },
    ]);
  });

  it('of which nobody could be told is told when it is given again, and not once more', async () => {
    const { process, published } = await start();
    refusal.now = away;
    const answer = await invoke(process, { do: 'hold', who: 'kim' }, context);
    expect(answer).toMatchObject({ done: expect.stringContaining('Others could not be told') as string });
    refusal.now = undefined;
    await invoke(process, { do: 'hold', who: 'lee' }, context);
    await invoke(process, { do: 'hold', who: 'lee' }, context);
    expect(published).toEqual([held]);
  });

  it('of which nobody could be told is told by the sweep, once, when whoever gave it has had his time', async () => {
    const { process, published } = await start();
    const objects = bucketObjects(process.clients.s3, 'shop');
    const swept = { source: 'connector-recovery.sweep' };
    const ordered = { do: 'hold', who: 'kim', why: 'migration' } as const;
    await commandStack(objects, ordered, new Date(Date.now() - 30_000).toISOString());
    await invoke(process, swept, context);
    expect(published).toEqual([]);
    await commandStack(objects, { do: 'release', who: 'lee' }, new Date(Date.now() - 90_000).toISOString());
    await invoke(process, swept, context);
    await invoke(process, swept, context);
    expect(published).toEqual(['[connector-recovery] ALL CONNECTORS: released by lee']);
  });

  it('that nobody may be told of makes the sweep end in an error, when all else is done', async () => {
    const { process } = await start();
    const objects = bucketObjects(process.clients.s3, 'shop');
    await commandStack(objects, { do: 'hold', who: 'kim' }, new Date(Date.now() - 90_000).toISOString());
    refusal.now = denied;
    await expect(invoke(process, { source: 'connector-recovery.sweep' }, context)).rejects.toThrow(
      'AuthorizationError',
    );
    expect((await objects.read('sweep.json')).kind).toBe('read');
    refusal.now = away;
    expect(await invoke(process, { source: 'connector-recovery.sweep' }, context)).toMatchObject({ kind: 'swept' });
  });

  it('hands on what it lets go on, without holding the lease itself', async () => {
    const { process, journals } = await start();
    const hold = { at: noon, who: 'kim' };
    await journals.write('orders-cdc', { ...journal, hold, standing: { key: 'dead/held', since: noon } }, undefined);
    await invoke(process, { connector: 'orders-cdc', do: 'release', who: 'lee' }, context);
    expect(handedOver).toEqual([
      { source: 'connector-recovery.look', connector: 'orders-cdc', why: 'lee released it', handedOn: 0 },
    ]);
    const stored = await journals.read('orders-cdc');
    expect('journal' in stored && stored.journal?.lease).toBeUndefined();
  });

  it('calls off, and says how it ended', async () => {
    const { process } = await start();
    expect(await invoke(process, { connector: 'orders-cdc', do: 'call-off', who: 'kim' }, context)).toMatchObject({
      kind: 'ordered',
      done: 'Called off: nothing more is done until it was seen alive or idle, or a person asks.',
      outcome: 'called-off',
    });
  });

  it('shows in a dry run what is in force', async () => {
    const { process } = await start();
    await invoke(process, { connector: 'orders-cdc', do: 'hold', who: 'kim', why: 'migration' }, context);
    expect(await invoke(process, { connector: 'orders-cdc', dryRun: true }, context)).toMatchObject({
      looks: [{ inForce: [expect.stringMatching(/^held: kim has held it since \S+ \(migration\)$/)] }],
    });
  });

  it('approves nothing that does not exist', async () => {
    const { process } = await start();
    expect(await invoke(process, { connector: 'orders-cdc', do: 'approve', who: 'kim' }, context)).toEqual({
      kind: 'ordered',
      done: 'Nothing is approved: the connector does not exist.',
    });
  });
});

describe('the answer to a look that was refused', () => {
  const verdict = { kind: 'dead', because: 'silent', wouldChange: 'a record', evidence: [] } as const;
  const lifts = [{ says: 'Release it', input: { connector: 'orders-cdc', do: 'release', who: 'your name' } }];
  const outcome = { kind: 'refused', objections: ['held'], reason: 'held', lifts, verdict } as const;
  const decision = { kind: 'finish', outcome, reason: 'held' } as const;
  const observation = { at: noon, sighting: { kind: 'absent' } } as const;
  it.each([
    ['a look', { kind: 'finished', outcome }],
    ['a dry run', { kind: 'dry-run', decision, observation, inForce: [] }],
  ] as const)('says what a person could order: %s', (_what, ended) => {
    expect(summarize('orders-cdc', ended).lifts).toEqual(lifts);
  });
});
