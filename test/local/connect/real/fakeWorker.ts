/**
 * Stands where `java` would: a process that answers as a Kafka Connect worker and its JMX agent do, and writes down what it was asked. It refuses a
 * connector with `refuse` in its configuration, and dies when its worker configuration says `die`.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseProperties } from '../../../../local/connect/properties.ts';

const args = process.argv.slice(2);
const settings = parseProperties(readFileSync(String(args.at(-1)), 'utf8'));
const say = (text: string) => process.stdout.write(`${text}\n`);
say(`[2026-11-21 02:34:01,769] INFO worker of group ${settings['group.id']} (x.Y:1)`);
if (settings['die'] !== undefined) {
  say('[2026-11-21 02:34:01,770] ERROR Stopping due to error (org.apache.kafka.connect.cli.ConnectDistributed:86)');
  say('org.apache.kafka.common.config.ConfigException: Invalid value die');
  say('\tat x.Y.z(Y.java:1)');
  process.exit(2);
}

let configuration: Readonly<Record<string, string>> | undefined;

const rest = createServer((request, response) => void answerRest(request, response));

async function answerRest(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { method, url = '' } = request;
  const answer = (status: number, given: unknown) => response.writeHead(status).end(JSON.stringify(given));
  if (method === 'GET' && url === '/connectors') return answer(200, []);
  if (method === 'GET') {
    if (configuration === undefined) return answer(404, { message: 'No status found' });
    return answer(200, { connector: { state: 'RUNNING' }, tasks: [{ id: 0, state: 'RUNNING' }], type: 'source' });
  }
  say(`[2026-11-21 02:34:01,771] INFO ${method} ${url} (x.Y:2)`);
  if (url.endsWith('/config')) {
    const asked = JSON.parse(body) as Record<string, string>;
    if (asked['refuse'] !== undefined) {
      const message =
        'Connector configuration is invalid and contains the following 1 error(s):\nUnable to connect: Access denied\n' +
        'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`';
      return answer(400, { error_code: 400, message });
    }
    configuration = asked;
    say('[2026-11-21 02:34:01,772] ERROR Producer failure (x.Y:3)');
    say('java.net.SocketException: Connection reset');
  }
  return answer(200, {});
}

rest.listen(Number(new URL(String(settings['listeners'])).port), '127.0.0.1');

const agent = args.find((arg) => arg.startsWith('-javaagent:')) ?? '';
const jmxPort = Number(/=127\.0\.0\.1:(\d+):/.exec(agent)?.[1]);
const line = (domain: string, properties: string, attribute: string, value: string) =>
  `jmx{attribute="${attribute}",domain="${domain}",properties="${properties}"} ${value}\n`;
createServer((_, response) => {
  const streaming = 'type=connector-metrics, context=streaming, server=shop';
  response.end(
    line('debezium.mysql', streaming, 'Connected', '1.0') +
      line('debezium.mysql', streaming, 'MilliSecondsSinceLastEvent', '48000.0') +
      line('debezium.mysql', streaming, 'TotalNumberOfEventsSeen', '7.0') +
      line('kafka.connect', 'type=source-task-metrics, connector=orders-cdc, task=0', 'source-record-poll-rate', '0.5'),
  );
}).listen(jmxPort, '127.0.0.1');
