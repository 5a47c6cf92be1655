/** The parts of a compose file that are weighed here. */
export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly configs?: Readonly<Record<string, { readonly file: string }>>;
  readonly secrets?: Readonly<Record<string, { readonly environment?: string }>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: unknown };
  readonly restart?: string;
  readonly ports?: readonly string[];
  readonly configs?: readonly { readonly source: string }[];
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
}

/** What the Compose specification's schema does not say: each fault as a sentence. */
export function composeFaults(compose: Compose): string[] {
  return Object.entries(compose.services).flatMap(([name, service]) => [
    ...imageFaults(name, service),
    ...orderFaults(name, compose),
    ...exposureFaults(name, service),
    ...sourceFaults(name, service, compose),
  ]);
}

/** `name:1.2.3`, `name:2.7.3.Final`: three numbers at least, so that nothing else can be meant tomorrow. */
export function isExact(image: string): boolean {
  return /^[a-z0-9./-]+:\d+\.\d+\.\d+([.-][\w.-]+)?(@sha256:[0-9a-f]{64})?$/.test(image);
}

function imageFaults(name: string, { image, build }: Service): string[] {
  if (image === undefined) return build === undefined ? [`${name} has neither image nor build`] : [];
  return isExact(image) ? [] : [`${name}: ${image} is not an exact version`];
}

function orderFaults(name: string, { services }: Compose): string[] {
  return Object.entries(services[name]?.depends_on ?? {}).flatMap(([other, { condition }]) => {
    const target = services[other];
    if (target === undefined) return [`${name} waits for ${other}, which is not there`];
    if (condition === 'service_healthy' && target.healthcheck?.test === undefined)
      return [`${name} waits until ${other} is healthy, which has no health check`];
    if (condition === 'service_completed_successfully' && (target.restart ?? 'no') !== 'no')
      return [`${name} waits until ${other} has ended, which is started again`];
    return waitsFor(services, other, name) ? [`${name} and ${other} wait for each other`] : [];
  });
}

function waitsFor(services: Compose['services'], from: string, sought: string, seen = new Set<string>()): boolean {
  if (from === sought) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return Object.keys(services[from]?.depends_on ?? {}).some((next) => waitsFor(services, next, sought, seen));
}

function exposureFaults(name: string, { ports = [], environment = {} }: Service): string[] {
  return [
    ...ports
      .filter((port) => !port.startsWith('127.0.0.1:'))
      .map((port) => `${name}: port ${port} is open to the network`),
    ...Object.entries(environment)
      .filter(([key]) => /PASSWORD|SECRET|TOKEN/.test(key) && !key.endsWith('_FILE'))
      .map(([key]) => `${name}: ${key} is a secret in the environment`),
  ];
}

function sourceFaults(name: string, { configs = [], secrets = [], volumes = [] }: Service, compose: Compose): string[] {
  const missing = (kind: 'configs' | 'secrets' | 'volumes', source: string) =>
    compose[kind] !== undefined && source in compose[kind] ? [] : [`${name}: ${source} is not among the ${kind}`];
  return [
    ...configs.flatMap(({ source }) => missing('configs', source)),
    ...secrets.flatMap((source) => missing('secrets', source)),
    ...volumes.flatMap((volume) => missing('volumes', volume.split(':', 1).join(''))),
  ];
}
