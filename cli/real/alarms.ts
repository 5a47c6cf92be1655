import type { DescribeAlarmsCommandOutput } from '@aws-sdk/client-cloudwatch';
import type { RealWorld } from './realWorld.ts';

/**
 * Whether every alarm of the connectors is OK. An alarm that was deployed a moment ago has seen no data, and one that takes missing data for a
 * breach fires on it.
 */
export async function alarmsAreOk(world: RealWorld): Promise<boolean> {
  const { MetricAlarms = [] } = (await world.aws.cloudwatch.call('DescribeAlarms', {
    AlarmNamePrefix: `${world.stackName}/`,
  })) as Partial<DescribeAlarmsCommandOutput>;
  const names = [...world.ground.proxies.keys()];
  const theirs = MetricAlarms.filter(({ AlarmName }) => names.includes(AlarmName?.split('/')[1] ?? ''));
  return theirs.every(({ StateValue }) => StateValue === 'OK');
}
