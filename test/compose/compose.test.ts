import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { jmxAgentConfiguration } from '../../local/connect/real/jmx.ts';
import { readWatchdogSettings } from '../../settings/watchdogRead.ts';
import { composeFaults, isExact, type Compose } from './composeFaults.ts';

const root = resolve(import.meta.dirname, '../..');
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const compose = () => parse(text('compose.yaml')) as Compose;

function schemaFaults(file: unknown): string[] {
  // The address of its meta schema differs from the official one by a letter, so that no validator knows it.
  const { $schema: _, ...schema } = JSON.parse(text('test/compose/schema/compose-spec.json')) as Record<
    string,
    unknown
  >;
  // It has words and formats of its own, such as `deprecated` and `ports`.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(schema);
  return validate(file) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The file with something changed. */
function changed(change: (services: Record<string, Record<string, unknown>>) => void): Compose {
  const copy = structuredClone(compose());
  change(copy.services as Record<string, Record<string, unknown>>);
  return copy;
}

describe('compose.yaml', () => {
  it('is what the Compose specification allows', () => {
    expect(schemaFaults(compose())).toEqual([]);
  });

  it.each<[string, (services: Record<string, Record<string, unknown>>) => void]>([
    ['a word that it does not know', ({ kafka = {} }) => (kafka['imagine'] = 'x')],
    ['a health check that is a number', ({ kafka = {} }) => (kafka['healthcheck'] = { test: 5 })],
    ['a condition that is none', ({ connect = {} }) => (connect['depends_on'] = { kafka: { condition: 'healthy' } })],
  ])('the specification would refuse %s', (_, change) => {
    expect(schemaFaults(changed(change))).not.toEqual([]);
  });

  it('starts in an order that works, opens ports to this machine alone, pins its images, and names nothing that is not there', () => {
    expect(composeFaults(compose())).toEqual([]);
  });

  it.each<[string, (services: Record<string, Record<string, unknown>>) => void]>([
    [
      'kafka: apache/kafka:latest is not an exact version',
      ({ kafka = {} }) => (kafka['image'] = 'apache/kafka:latest'),
    ],
    ['kafka: apache/kafka is not an exact version', ({ kafka = {} }) => (kafka['image'] = 'apache/kafka')],
    ['kafka: apache/kafka:3.7 is not an exact version', ({ kafka = {} }) => (kafka['image'] = 'apache/kafka:3.7')],
    ['connect has neither image nor build', ({ connect = {} }) => delete connect['build']],
    [
      'connect waits until kafka is healthy, which has no health check',
      ({ kafka = {} }) => delete kafka['healthcheck'],
    ],
    [
      'connect waits for zookeeper, which is not there',
      ({ connect = {} }) => (connect['depends_on'] = { zookeeper: { condition: 'service_started' } }),
    ],
    [
      'watchdog waits until register has ended, which is started again',
      ({ register = {} }) => (register['restart'] = 'always'),
    ],
    [
      'kafka and connect wait for each other',
      ({ kafka = {} }) => (kafka['depends_on'] = { connect: { condition: 'service_started' } }),
    ],
    ['watchdog: port 8089:8089 is open to the network', ({ watchdog = {} }) => (watchdog['ports'] = ['8089:8089'])],
    [
      'mysql: MYSQL_PASSWORD is a secret in the environment',
      ({ mysql = {} }) => (mysql['environment'] = { MYSQL_PASSWORD: 'x' }),
    ],
    ['watchdog: other is not among the configs', ({ watchdog = {} }) => (watchdog['configs'] = [{ source: 'other' }])],
    ['mysql: other is not among the secrets', ({ mysql = {} }) => (mysql['secrets'] = ['other'])],
    ['kafka: other is not among the volumes', ({ kafka = {} }) => (kafka['volumes'] = ['other:/data'])],
  ])('would be refused: %s', (fault, change) => {
    expect(composeFaults(changed(change))).toContain(fault);
  });

  it.each(['compose/connect.Dockerfile', 'watchdog/Dockerfile'])('%s builds on exact versions', (file) => {
    const bases = [...text(file).matchAll(/^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/gim)];
    const stages = bases.map(([, , stage]) => stage);
    const images = bases.map(([, image = '']) => image).filter((image) => !stages.includes(image));

    expect(images.length).toBeGreaterThan(0);
    expect(images.filter((image) => !isExact(image))).toEqual([]);
  });

  it('has no password in it, nor in what it brings along', () => {
    expect(Object.values(compose().secrets ?? {}).map((secret) => Object.keys(secret))).toEqual([
      ['environment'],
      ['environment'],
    ]);
    expect(JSON.parse(text('compose/orders-cdc.json'))).toMatchObject({
      'database.password': '${directory:/run/secrets:cdc-password}',
    });
    expect(text('.gitignore').split('\n')).toContain('.env');
  });

  it('brings every file that it names', () => {
    expect(Object.values(compose().configs ?? {}).map(({ file }) => text(file).length > 0)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it('the watchdog reads its settings, and what they say is what the services say', () => {
    const { clusters, listen, store } = readWatchdogSettings(text('compose/watchdog.json'), 'compose/watchdog.json');
    const { connect, watchdog } = compose().services;
    const environment = connect?.environment ?? {};

    expect(clusters.map(({ urls }) => urls)).toEqual([[`http://${String(environment['ADVERTISED_HOST_NAME'])}:8083`]]);
    expect(clusters[0]?.offsetFlushSeconds).toBe(Number(environment['OFFSET_FLUSH_INTERVAL_MS']) / 1000);
    expect(clusters[0]?.prometheus).toEqual({ port: 9404, path: '/metrics' });
    expect(environment['KAFKA_OPTS']).toContain('=9404:');
    expect(watchdog?.ports).toEqual([`127.0.0.1:8089:${listen.port}`]);
    expect(watchdog?.volumes).toEqual([`watchdog-store:${store.kind === 'folder' ? store.folder : ''}`]);
  });

  it('the JMX agent publishes what it publishes of the real workers on this machine', () => {
    expect(parse(text('compose/jmx.yaml'))).toEqual(parse(jmxAgentConfiguration));
  });
});
