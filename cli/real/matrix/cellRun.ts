import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateConnectorCommand,
  type CreateConnectorCommandInput,
  DeleteConnectorCommand,
  KafkaConnectClient,
  ListConnectorsCommand,
} from '@aws-sdk/client-kafkaconnect';
import { createClients } from '../../../lambda/clients.ts';
import { captureConnectors } from '../../captureConnectors.ts';
import type { RealWorld } from '../realWorld.ts';
import { breakIt, mendAfterSeconds } from './breaking.ts';
import type { Cell } from './cell.ts';
import { connectorName } from './connectorOf.ts';
import { firstRowAfter } from './figures.ts';
import { patience, settled } from './patience.ts';
import type { SinkRows } from './sinkRows.ts';
import { variants } from './variants.ts';
import type { Wire } from './wire.ts';
import type { Witness } from './witness.ts';

const lookEveryMs = 1000;
/** How long rows that were written may take to arrive once nothing more is written. */
const longestDrainSeconds = 90;
const hopelessDrainSeconds = 20;
/** The last of the rows that prove it, where none were written before. */
const proofRows = 10;
/** Two periods of the alarms, so that none of them is still without data. */
const healthySeconds = 90;

/** What arrived, by key: in a topic, or of a sink in its table. */
export type ArrivedRows = Pick<SinkRows, 'arrivals' | 'count'>;

export interface CellRunParts {
  readonly cell: Cell;
  readonly world: RealWorld;
  /** The rows that arrived. */
  readonly rows: ArrivedRows;
  /** Before the database, where packets are to be lost. */
  readonly wire: Wire | undefined;
  readonly witness: Witness;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** The steps of one cell. */
export class CellRun {
  readonly #cell: Cell;
  readonly #world: RealWorld;
  readonly #rows: ArrivedRows;
  readonly #wire: Wire | undefined;
  readonly #witness: Witness;
  readonly #signal: AbortSignal;
  readonly #say: (text: string) => void;
  #rowsCameAgain = false;

  constructor({ cell, world, rows, wire, witness, signal, say }: CellRunParts) {
    this.#cell = cell;
    this.#world = world;
    this.#rows = rows;
    this.#wire = wire;
    this.#witness = witness;
    this.#signal = signal;
    this.#say = say;
  }

  get writer() {
    const writer = this.#world.ground.writers[variants[this.#cell.variant].rowsFrom];
    if (writer === undefined) throw new Error('Nobody writes rows.');
    return writer;
  }

  /**
   * Saves its configuration as a person does after the deployment, for without one the function deletes nothing; a sweep would save it too, once it
   * has seen it alive. Then it runs for a while without trouble.
   */
  async untilHealthy(): Promise<void> {
    const { connectorsJson, bucket } = this.#world;
    const { lines, complete } = await captureConnectors(
      { names: [connectorName], all: false, overwrite: false, text: connectorsJson, bucket },
      createClients(),
    );
    if (!complete) throw new Error(`Its configuration could not be saved: ${lines.join(' ')}`);
    this.#say('its configuration is saved; it runs for a while without trouble');
    if (this.#cell.options.rowsPerSecond === 0) this.writer.setRate(0);
    await this.#until(healthySeconds, () => false);
  }

  async breakAndWatch(): Promise<{ brokenAtMs: number; mendedAtMs: number | undefined; writtenAtBreak: number }> {
    const writtenAtBreak = this.writer.written;
    const brokenAtMs = Date.now();
    this.#say(`breaks it: ${this.#cell.failure}`);
    const mend = await breakIt(this.#cell, this.#world, this.#wire);
    const mendAt = mendAfterSeconds(this.#cell);
    let mendedAtMs: number | undefined;
    let asked = false;
    await this.#until(patience(this.#cell).longestSeconds, async () => {
      const seconds = (Date.now() - brokenAtMs) / 1000;
      if (mend !== undefined && mendAt !== undefined && mendedAtMs === undefined && seconds >= mendAt) {
        this.#say('mends it');
        await mend();
        mendedAtMs = Date.now();
      }
      if (!asked && (await this.#askAsAPerson(seconds))) asked = true;
      this.#letRowsComeAgain();
      const outcomes = this.#witness.outcomes.filter(({ atMs }) => atMs >= brokenAtMs);
      return settled(this.#cell, {
        seconds,
        sinceOutcome: (outcome) => {
          const found = outcomes.find((each) => each.outcome === outcome);
          return found === undefined ? undefined : (Date.now() - found.atMs) / 1000;
        },
        sinceFlow: sinceFlow({ arrivals: this.#rows.arrivals, writtenAtBreak, brokenAtMs }),
        byHand: this.#witness.acts.some(({ by }) => by === 'person'),
        sinceLastAct: sinceLast(this.#witness.acts, brokenAtMs),
      });
    });
    return { brokenAtMs, mendedAtMs, writtenAtBreak };
  }

  /** Lets what is on its way arrive. Where nothing was written, a few rows prove whether it lives. */
  async drain(): Promise<void> {
    const { writer } = this;
    if (this.#cell.failure === 'idle') {
      const until = writer.written + proofRows;
      writer.setRate(1);
      await this.#until(proofRows * 2, () => writer.written >= until);
    }
    writer.setRate(0);
    let settledRows = false;
    void writer.settled().then(() => (settledRows = true));
    // Where nothing is to flow again, a short wait tells as much.
    const longest = this.#cell.expects.dataFlows === false ? hopelessDrainSeconds : longestDrainSeconds;
    await this.#until(longest, () => settledRows && this.#rows.count(writer.written).waiting === 0);
    // A row that comes twice comes after the first.
    await this.#until(10, () => false);
  }

  /** In a cell without rows the first of the next morning come half a minute after the act, and prove it. */
  #letRowsComeAgain(): void {
    if (this.#cell.options.rowsPerSecond > 0 || this.#rowsCameAgain) return;
    const since = sinceLast(this.#witness.acts, 0);
    if (since === undefined || since < 30) return;
    this.#rowsCameAgain = true;
    this.writer.setRate(1);
  }

  async #askAsAPerson(seconds: number): Promise<boolean> {
    const { remedy } = this.#cell;
    if ((remedy === 'restart' || remedy === 'recreate') && seconds >= 60) {
      this.#say(`a person asks for: ${remedy}`);
      const [recovery] = this.#world.aws.lambda.functions;
      if (recovery === undefined) throw new Error('The stack made no function.');
      this.#world.aws.lambda.invokeLater(
        recovery.name,
        JSON.stringify({ connector: connectorName, remedy, who: 'the matrix' }),
      );
      return true;
    }
    if (remedy !== 'product-then-by-hand') return false;
    const refused = this.#witness.outcomes.find(({ outcome }) => outcome === 'refused');
    if (refused === undefined || Date.now() - refused.atMs < 15_000) return false;
    this.#say('it was refused; a person deletes and creates it by hand');
    await this.#recreateByHand();
    return true;
  }

  async #recreateByHand(): Promise<void> {
    const { Body } = (await this.#world.aws.s3.call('GetObject', {
      Bucket: this.#world.bucket,
      Key: `connectors/${connectorName}.json`,
    })) as { Body?: unknown };
    const request = JSON.parse(await textOf(Body)) as CreateConnectorCommandInput;
    const client = new KafkaConnectClient();
    this.#witness.byHand = true;
    try {
      const arnOf = async () =>
        (await client.send(new ListConnectorsCommand({}))).connectors?.find(
          (one) => one.connectorName === connectorName,
        )?.connectorArn;
      await client.send(new DeleteConnectorCommand({ connectorArn: await arnOf() }));
      while ((await arnOf()) !== undefined) await this.#look();
      await client.send(new CreateConnectorCommand(request));
    } finally {
      this.#witness.byHand = false;
      client.destroy();
    }
  }

  async #until(longestSeconds: number, reached: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = Date.now() + longestSeconds * 1000;
    while (Date.now() < endMs && !(await reached())) await this.#look();
  }

  async #look(): Promise<void> {
    this.#signal.throwIfAborted();
    await this.#witness.poll(this.#world);
    await sleep(lookEveryMs);
  }
}

function sinceFlow(seen: Parameters<typeof firstRowAfter>[0]): number | undefined {
  const atMs = firstRowAfter(seen);
  return atMs === undefined ? undefined : (Date.now() - atMs) / 1000;
}

function sinceLast(acts: Witness['acts'], fromMs: number): number | undefined {
  const last = acts.findLast(({ atMs, answer }) => atMs >= fromMs && answer === 'accepted');
  return last === undefined ? undefined : (Date.now() - last.atMs) / 1000;
}

async function textOf(body: unknown): Promise<string> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
