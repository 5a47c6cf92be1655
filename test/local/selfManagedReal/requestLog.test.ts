import { expect, it } from 'vitest';
import { readRequest } from '../../../local/selfManagedReal/requestLog.ts';

// As Kafka Connect 3.7.1 wrote them.
it.each([
  [
    '[2026-11-21 13:43:04,118] INFO 127.0.0.1 - - [21/Nov/2026:13:43:04 +0000] "POST /connectors/orders-cdc/restart?includeTasks=true HTTP/1.1" 202 137 "-" "node" 21 (org.apache.kafka.connect.runtime.rest.RestServer:62)',
    { method: 'POST', path: '/connectors/orders-cdc/restart?includeTasks=true', status: 202, userAgent: 'node' },
  ],
  [
    '[2026-11-21 13:43:04,118] INFO [0:0:0:0:0:0:0:1] - - [21/Nov/2026:13:43:04 +0000] "GET /connectors HTTP/1.1" 200 2 "-" "curl/7.88.1" 9 (org.apache.kafka.connect.runtime.rest.RestServer:62)',
    { method: 'GET', path: '/connectors', status: 200, userAgent: 'curl/7.88.1' },
  ],
])('a request that a worker answered is read from its log', (line, request) => {
  expect(readRequest(line)).toEqual(request);
});

it.each([
  '[2026-11-21 13:43:04,118] INFO Advertised URI: http://127.0.0.1:8083/ (org.apache.kafka.connect.runtime.rest.RestServer:359)',
  '[2026-11-21 13:43:04,118] INFO [orders-cdc|task-0] "POST /connectors/x HTTP/1.1" 200 2 "-" "node" (io.debezium.Somebody:1)',
  '',
])('any other line is none', (line) => {
  expect(readRequest(line)).toBeUndefined();
});
