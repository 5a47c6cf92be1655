import type { Chance } from './draw.ts';
import type { CallFault, ConnectorPlan, Deed, Outage, Start, StoreDeed, Trigger, When } from './history.ts';

/** What there is to draw for: a connector, its place, and when it becomes calm. */
export interface Scene {
  readonly plan: ConnectorPlan;
  readonly connector: number;
  readonly calmAtSeconds: number;
}

/** The moments that matter most lie right after an act; the rest may be any. */
function drawWhen(chance: Chance, { plan, calmAtSeconds }: Scene): When {
  if (chance.oneIn(2)) return { atSeconds: chance.between(60, Math.min(600, calmAtSeconds - 60)) };
  const restartsFirst = plan.remedies[0] === 'restart';
  const after = chance.of([
    [restartsFirst ? 'RestartConnector' : 'DeleteConnector', 6],
    ['DeleteConnector', 2],
    ['CreateConnector', restartsFirst ? 1 : 4],
    ['PutObject', 2],
  ] as const);
  return { after, nth: after === 'PutObject' ? chance.between(1, 12) : 1, seconds: drawDelay(chance) };
}

function drawDelay(chance: Chance): number {
  return chance.of([
    [0, 4],
    [1, 2],
    [20, 2],
    [60, 2],
    [150, 1],
  ] as const);
}

const changes = ['PutObject', 'DeleteConnector', 'CreateConnector', 'RestartConnector', 'Publish', 'Invoke'] as const;

/** A fault of single calls. */
export function drawCallFault(chance: Chance, scene: Scene): CallFault {
  const kind = chance.of<CallFault['kind']>([
    ['dies-before', 4],
    ['dies-during', 5],
    ['dies-after', 3],
    ['falls-silent', 2],
    ['answer-lost', 4],
    ['timeout', 2],
    ['timeout-but-done', 2],
    ['acts-late', 3],
    ['throttled', 2],
    ['error-500', 2],
    ['error-500-but-done', 3],
    ['error-503', 1],
    ['pauses-before', 4],
    ['pauses-after', 2],
    ['slow', 1],
  ]);
  const on = chance.of<string>([
    ['*', 4],
    ['read', 1],
    ['change', 3],
    ...changes.map((operation) => [operation, 2] as const),
  ]);
  const single = changes.some((operation) => operation === on && on !== 'PutObject');
  return {
    kind,
    when: chance.oneIn(3) ? drawWhen(chance, scene) : { atSeconds: chance.between(1, 240) },
    on,
    skip: single ? chance.below(2) : chance.below(chance.oneIn(2) ? 6 : 60),
    times: kind.startsWith('error') || kind === 'throttled' || kind.startsWith('timeout') ? chance.between(1, 8) : 1,
    seconds: kind.startsWith('pauses')
      ? chance.of([
          [20, 1],
          [95, 2],
          [130, 4],
          [300, 2],
        ] as const)
      : kind === 'acts-late'
        ? chance.between(11, 50)
        : chance.between(1, 9),
  };
}

/** Something that lasts: refused creations above all. */
export function drawOutage(chance: Chance, scene: Scene): Outage {
  const { connector, calmAtSeconds } = scene;
  const lastsSeconds = chance.of([
    [20, 2],
    [90, 3],
    [240, 4],
    [600, 3],
    [calmAtSeconds, 2],
  ] as const);
  const during = { when: drawWhen(chance, scene), lastsSeconds };
  const afterDeletion = {
    when: {
      after: 'DeleteConnector',
      nth: 1,
      seconds: chance.of([
        [0, 3],
        [5, 2],
        [60, 1],
      ] as const),
    },
    lastsSeconds,
  };
  const refused = (kind: Extract<Outage, { code: string }>['kind'], code: string, status: number, when = during) =>
    ({ kind, code, status, ...when }) as Outage;
  return chance.of<() => Outage>([
    [() => refused('creation-refused', 'ForbiddenException', 403, afterDeletion), 2],
    [() => refused('creation-refused', 'BadRequestException', 400, afterDeletion), 2],
    [() => refused('creation-refused', 'ConflictException', 409, afterDeletion), 3],
    [() => refused('creation-refused', 'TooManyRequestsException', 429, afterDeletion), 1],
    [() => refused('creation-refused', 'InternalServerErrorException', 500, afterDeletion), 1],
    [() => refused('deletion-refused', 'ForbiddenException', 403, { when: { atSeconds: 1 }, lastsSeconds }), 1],
    [() => refused('deletion-refused', 'BadRequestException', 400, { when: { atSeconds: 1 }, lastsSeconds }), 1],
    [() => refused('restart-refused', 'BadRequestException', 400, { when: { atSeconds: 1 }, lastsSeconds }), 1],
    [() => refused('restart-refused', 'ForbiddenException', 403, { when: { atSeconds: 1 }, lastsSeconds }), 1],
    [() => refused('s3-refuses', 'AccessDenied', 403), 2],
    [() => refused('s3-unavailable', 'SlowDown', 503), 2],
    [() => refused('sns-refuses', 'AuthorizationError', 403), 2],
    [() => refused('sns-unavailable', 'InternalFailure', 500), 1],
    [() => refused('connect-unavailable', 'ServiceUnavailableException', 503), 2],
    [() => refused('connect-throttles', 'TooManyRequestsException', 429), 2],
    [() => refused('signs-unreadable', 'AccessDeniedException', 403), 1],
    [
      () => ({
        kind: 'stale-reads',
        ...during,
        on: chance.of([
          ['ListConnectors', 3],
          ['DescribeConnector', 3],
          ['ListConnectorOperations', 2],
          ['read', 2],
        ] as const),
        seconds: chance.between(10, 50),
      }),
      5,
    ],
    [
      () => ({ kind: 'sweep-off', when: { atSeconds: chance.oneIn(3) ? 0 : chance.between(30, 600) }, lastsSeconds }),
      3,
    ],
    [() => ({ kind: 'sweep-off', ...afterDeletion }), 2],
    [
      () => ({
        kind: 'deletion-hangs',
        when: { atSeconds: 0 },
        lastsSeconds: calmAtSeconds,
        seconds: chance.between(60, 900),
      }),
      2,
    ],
    [() => ({ kind: 'metrics-missing', ...during, connector }), 1],
  ])();
}

/** What people, or AWS, do meanwhile. */
export function drawDeed(chance: Chance, scene: Scene): Deed | StoreDeed {
  const { connector } = scene;
  const kind = chance.of<(Deed | StoreDeed)['kind']>([
    ['person-deletes', 3],
    ['person-pauses', 2],
    ['person-resumes', 1],
    ['person-updates', 2],
    ['person-recreates', 3],
    ['own-operation', 2],
    ['journal-cut', 3],
    ['journal-gone', 4],
    ['journal-from-older-version', 3],
    ['journal-rolled-back', 2],
    ['backup-gone', 2],
    ['saved-changed', 2],
    ['saved-gone', 2],
    ['saved-broken', 2],
  ]);
  const deed = { kind, when: drawWhen(chance, scene), connector };
  return isDeed(deed)
    ? {
        ...deed,
        seconds: chance.of([
          [15, 1],
          [120, 2],
          [400, 1],
        ] as const),
      }
    : (deed as StoreDeed);
}

function isDeed(deed: { readonly kind: string }): deed is Omit<Deed, 'seconds'> {
  return deed.kind.startsWith('person-') || deed.kind === 'own-operation';
}

/** What calls the function, more than there is reason for. */
export function drawTrigger(chance: Chance, scene: Scene): Trigger {
  const { connector } = scene;
  const at = { when: drawWhen(chance, scene), connector };
  const early = { when: { atSeconds: chance.between(110, 400) }, connector };
  const alarm = { kind: 'alarm', everySeconds: 0, lateSeconds: 0, copies: 1, times: 1, reordered: false } as const;
  return chance.of<Trigger>([
    [{ ...alarm, ...early, times: chance.between(4, 14), everySeconds: chance.below(4) }, 3],
    [{ ...alarm, ...early, copies: chance.between(2, 3) }, 3],
    [{ ...alarm, ...at, lateSeconds: chance.between(60, 500) }, 3],
    [{ ...alarm, ...early, reordered: true }, 1],
    [{ kind: 'looks-at-once', ...(chance.oneIn(2) ? at : early), times: chance.between(2, 4) }, 4],
    [{ kind: 'person-asks', ...at, remedy: chance.oneIn(2) ? 'restart' : 'recreate' }, 2],
    [
      {
        kind: 'person-says',
        ...at,
        says: chance.of([
          ['approve', 1],
          ['call-off', 1],
          ['hold', 1],
          ['release', 1],
        ] as const),
      },
      1,
    ],
    [{ kind: 'schedule', ...at }, 1],
  ]);
}

/** How it comes up once it is created again. */
export function drawStart(chance: Chance, { connector }: Scene): Start {
  const as = chance.of<Start['as']>([
    ['failed', 4],
    ['dead', 3],
    ['unreachable', 2],
    ['slow', 2],
  ]);
  return { kind: 'comes-up', connector, nth: chance.oneIn(4) ? 2 : 1, as };
}
