import { synthesizeDeployment, type Deployment } from '../../bench/deployments.ts';
import { castFor } from '../castFor.ts';
import type { Compared } from '../compareOptions.ts';

/** The product synthesized for the connector of the comparison. */
export type CompareDeployment = Pick<Deployment, 'connector' | 'assembly' | 'settings'>;

export async function synthesizeFor(compared: Compared, folder: string): Promise<CompareDeployment> {
  const remedy = compared.connectVersion === '2.7.1' ? 'recreate' : 'restart';
  return { ...(await synthesizeDeployment(folder, remedy)), connector: castFor(compared) };
}
