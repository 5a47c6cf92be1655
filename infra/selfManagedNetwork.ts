import { Port, Peer, SecurityGroup, Subnet, Vpc, type ISubnet, type IVpc } from 'aws-cdk-lib/aws-ec2';
import { Aws, Fn, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { SelfManagedSettings } from '../settings/selfManagedDeploy.ts';
import { task } from '../settings/selfManagedWatchdog.ts';

export interface SelfManagedNetworkProps {
  readonly settings: SelfManagedSettings;
}

/**
 * The workers' own security group. Out: the brokers, the databases, HTTPS. In: nothing; with more than one worker, their REST port to each other, for a
 * worker that is not the leader passes on what only the leader may do.
 */
export class SelfManagedNetwork extends Construct {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { settings }: SelfManagedNetworkProps) {
    super(scope, id);
    const { network, kafka, connect } = settings;
    // Taken by its id as it is, for a look-up would need credentials at synth. ECS is told the subnets and asks for no more.
    this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: network.vpcId,
      availabilityZones: [Fn.select(0, Fn.getAzs(Aws.REGION))],
    });
    this.subnets = network.subnetIds.map((subnetId) => {
      const subnet = Subnet.fromSubnetId(this, subnetId, subnetId);
      Validations.of(subnet).acknowledge({
        id: 'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId',
        reason: 'Nobody asks for its routes.',
      });
      return subnet;
    });
    this.securityGroup = new SecurityGroup(this, 'Workers', {
      vpc: this.vpc,
      description: 'The Kafka Connect workers',
      allowAllOutbound: false,
    });
    if (connect.workers > 1) {
      const rest = Port.tcp(task.restPort);
      this.securityGroup.addIngressRule(this.securityGroup, rest, 'REST from the other workers');
      this.securityGroup.addEgressRule(this.securityGroup, rest, 'REST to the leader');
    }
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS, and webhooks');
    const brokerPorts = new Set(
      kafka.bootstrapServers.map((server) => Number(server.slice(server.lastIndexOf(':') + 1))),
    );
    const reached = [
      ...[...brokerPorts].map((port) => ({ groupId: network.kafkaSecurityGroupId, port, what: 'Kafka' })),
      ...network.databases.map(({ securityGroupId, port }) => ({ groupId: securityGroupId, port, what: 'a database' })),
    ];
    const groups = new Map(
      [...new Set(reached.map(({ groupId }) => groupId))].map((groupId) => [
        groupId,
        SecurityGroup.fromSecurityGroupId(this, groupId, groupId),
      ]),
    );
    for (const { groupId, port, what } of reached) {
      const group = groups.get(groupId);
      if (group === undefined) continue;
      this.securityGroup.addEgressRule(group, Port.tcp(port), `To ${what}`);
      if (network.letIn) group.addIngressRule(this.securityGroup, Port.tcp(port), `From ${settings.stackName}`);
    }
  }
}
