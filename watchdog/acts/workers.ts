import { PortError } from '../../recovery/ports.ts';
import type { Workers } from '../../recovery/ports.ts';
import { asked } from './asked.ts';
import { nameIn, nameOf } from './connectors.ts';
import type { ConnectorsAccess } from './connectors.ts';

/** The port Workers on a self-managed Kafka Connect. */
export function restWorkers({ cluster, memory, rest }: Pick<ConnectorsAccess, 'cluster' | 'memory' | 'rest'>): Workers {
  return {
    async on(connector) {
      const name = nameIn(cluster, connector.name);
      if (name === undefined) throw new PortError('unexpected', `${connector.name} is no connector of ${cluster}`);
      return memory.loads(name);
    },
    async resume(arn) {
      return (await asked(() => rest.resume(nameOf(cluster, arn)))) ?? { kind: 'started' };
    },
  };
}
