/**
 * The monitor as a process: CloudWatch, its logs and alarms, EventBridge, Scheduler, S3, SNS and Lambda, deployed from the synthesized
 * template. It knows of a connector what the connector's process puts into CloudWatch by the AWS API, and nothing else: no module under
 * `local/connect/` is loaded here, and no message brings more than `ToMonitor`.
 */
import { setInterval } from 'node:timers';
import { scaledClock } from '../scaledClock.ts';
import { startLocalServices, type LocalServices } from '../stack/localServices.ts';
import type { FromMonitor, ToMonitor } from './monitorMessages.ts';
import { actOn, tell } from './ownProcess.ts';

const answer = (message: FromMonitor) => tell(message);
const mailEveryMs = 50;

let services: LocalServices | undefined;
let connectEndpoint = '';

actOn(async (received) => {
  const message = received as ToMonitor;
  switch (message.kind) {
    case 'open': {
      services = await startLocalServices({
        clock: scaledClock(message.scale),
        logGroups: message.logGroups,
        connectEndpoint: () => connectEndpoint,
      });
      tellMails(services);
      answer({ kind: 'listening', endpoint: services.endpoint });
      break;
    }
    case 'deploy': {
      if (services === undefined) throw new Error('deploy came before open.');
      ({ connectEndpoint } = message);
      await services.deploy(message.cdkOut);
      const [deployed] = services.lambda.functions;
      if (deployed === undefined) throw new Error('The stack has no function.');
      answer({ kind: 'deployed', functionLogGroup: deployed.logGroup });
    }
  }
});

/** What went to people, as it goes. */
function tellMails({ sns }: LocalServices): void {
  let told = 0;
  setInterval(() => {
    for (const { atMs, to, subject = '', message } of sns.inbox().slice(told)) {
      answer({ kind: 'mail', atMs, to, subject, message });
      told += 1;
    }
  }, mailEveryMs);
}
