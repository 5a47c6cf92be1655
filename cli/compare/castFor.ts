import { cast, createRequest, type Cast } from '../demonstration/connectors.ts';
import type { Compared } from './compareOptions.ts';

/** The connector of the comparison; keep-alive is on only where its connection is to heal by itself. */
export function castFor({ failure, connectVersion }: Compared): Cast {
  const found = cast.find(({ expect }) => expect === (connectVersion === '2.7.1' ? 'recreated' : 'restarted'));
  if (found === undefined) throw new Error(`No connector of the cast runs on ${connectVersion}.`);
  return { ...found, fate: failure === 'heals-itself' ? 'idle' : 'half-open' };
}

/** Its configuration, the same in both worlds. */
export function configurationOf(connector: Cast): Readonly<Record<string, string>> {
  return createRequest(connector, { plugin: '', worker: '', role: '' }).connectorConfiguration ?? {};
}
