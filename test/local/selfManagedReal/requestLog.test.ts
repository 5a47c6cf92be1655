import { expect, it } from 'vitest';
import { readRequest } from '../../../local/selfManagedReal/requestLog.ts';

// As Kafka Connect 3.7.1 wrote them.
it.each([
  [
    '[2026-11-21 14:05:37,810] INFO 127.0.0.1 - - [21/Nov/2026:14:05:37 +0000] "POST /connectors/x/restart?includeTasks=true HTTP/1.1" 404 464 "-" "node" 18 (org.apache.kafka.connect.runtime.rest.RestServer:62)',
    { method: 'POST', path: '/connectors/x/restart?includeTasks=true', status: 404, userAgent: 'node' },
  ],
  [
    '[2026-11-21 14:05:37,799] INFO 127.0.0.1 - - [21/Nov/2026:14:05:37 +0000] "GET /connectors HTTP/1.1" 404 454 "-" "node" 36 (org.apache.kafka.connect.runtime.rest.RestServer:62)',
    { method: 'GET', path: '/connectors', status: 404, userAgent: 'node' },
  ],
])('a request that a worker answered is read from its log', (line, request) => {
  expect(readRequest(line)).toEqual(request);
});

it.each([
  '[2026-11-21 13:43:04,118] INFO Advertised URI: http://127.0.0.1:22724/ (org.apache.kafka.connect.runtime.rest.RestServer:412)',
  '[2026-11-21 13:43:04,118] INFO [orders-cdc|task-0] "POST /connectors/x HTTP/1.1" 200 2 "-" "node" (io.debezium.Somebody:1)',
  '',
])('any other line is none', (line) => {
  expect(readRequest(line)).toBeUndefined();
});
