import { setTimeout as wait } from 'node:timers/promises';
import { DataPlaneError } from '../dataPlane.ts';

/** What Kafka Connect says of a connector. */
export interface ConnectorStatus {
  readonly connector: { readonly state: string; readonly trace?: string };
  readonly tasks: readonly {
    readonly id: number;
    readonly state: string;
    /** `host:port` */
    readonly worker_id: string;
    readonly trace?: string;
  }[];
}

/** Kafka Connect's own limit for a request that has to wait for the group. @see ConnectorsResource.REQUEST_TIMEOUT_MS */
const requestTimeoutMs = 90_000;
/** How long a group that is being rebalanced, which refuses changes with 409, is waited for. */
const rebalanceTimeoutMs = 60_000;
const statusTimeoutMs = 4_000;

/**
 * A worker's REST interface, for one connector.
 * @see https://kafka.apache.org/documentation/#connect_rest
 */
export class ConnectRest {
  readonly #root: string;
  readonly #connector: string;

  constructor(port: number, connector: string) {
    this.#root = `http://127.0.0.1:${port}/connectors`;
    this.#connector = `${this.#root}/${encodeURIComponent(connector)}`;
  }

  /** Whether the worker answers at all. */
  async answers(): Promise<boolean> {
    try {
      const response = await fetch(this.#root, { signal: AbortSignal.timeout(statusTimeoutMs) });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  /** `undefined`: no such connector yet, or no answer. */
  async status(): Promise<ConnectorStatus | undefined> {
    try {
      const response = await fetch(`${this.#connector}/status`, { signal: AbortSignal.timeout(statusTimeoutMs) });
      const body = await response.text();
      return response.ok ? (JSON.parse(body) as ConnectorStatus) : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Creates the connector or changes its configuration.
   * @throws DataPlaneError with Kafka Connect's own message where it refuses the configuration.
   */
  async configure(configuration: Readonly<Record<string, string>>): Promise<void> {
    const response = await this.#change('PUT', '/config', configuration);
    if (response.ok) return;
    const message = await said(response);
    if (response.status !== 400) throw new DataPlaneError('InternalError', message);
    throw new DataPlaneError(
      'InvalidInput.InvalidConnectorConfiguration',
      `The connector configuration is invalid. Message: ${message}`,
    );
  }

  /** @param tasks `none` reaches the connector instance only, which is all that Kafka Connect before 3.0 knows (KIP-745). */
  async restart(tasks: 'none' | 'failed' | 'all'): Promise<void> {
    const query = tasks === 'none' ? '' : `?includeTasks=true&onlyFailed=${tasks === 'failed'}`;
    await this.#expect(await this.#change('POST', `/restart${query}`));
  }

  async pause(): Promise<void> {
    await this.#expect(await this.#change('PUT', '/pause'));
  }

  async resume(): Promise<void> {
    await this.#expect(await this.#change('PUT', '/resume'));
  }

  /** Takes the connector off the worker, for as long as `timeoutMs` at most. @throws when the worker does not answer. */
  async remove(timeoutMs: number): Promise<void> {
    const response = await fetch(this.#connector, { method: 'DELETE', signal: AbortSignal.timeout(timeoutMs) });
    await response.arrayBuffer();
  }

  /** A change, asked for again while the worker's group is being rebalanced. */
  async #change(method: string, path: string, body?: unknown): Promise<Response> {
    const giveUpAtMs = Date.now() + rebalanceTimeoutMs;
    for (;;) {
      const response = await fetch(`${this.#connector}${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      if (response.status !== 409 || Date.now() > giveUpAtMs) return response;
      await response.arrayBuffer();
      await wait(500);
    }
  }

  async #expect(response: Response): Promise<void> {
    if (!response.ok) throw new DataPlaneError('InternalError', await said(response));
    await response.arrayBuffer();
  }
}

/** Kafka Connect's `message`, without the advice to look at an endpoint that MSK Connect does not show. */
async function said(response: Response): Promise<string> {
  const body = await response.text();
  let message = body;
  try {
    message = (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    // Not JSON: then the text itself is all that was said.
  }
  return message.replace(/\s*You can also find the above list of errors at the endpoint .*$/s, '');
}
