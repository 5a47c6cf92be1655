/** What befalls a connector. */
export type FailureId =
  | 'half-open'
  | 'dropped-packets'
  | 'hole-30s'
  | 'hole-60s'
  | 'hole-5min'
  | 'reset'
  | 'database-stopped'
  | 'database-killed'
  | 'database-hangs'
  | 'failover'
  | 'binlog-purged'
  | 'broker-hangs'
  | 'broker-stopped'
  | 'worker-killed'
  | 'task-exception'
  | 'password-changed'
  | 'idle';

export interface Failure {
  readonly id: FailureId;
  /** What is done, in one line. */
  readonly about: string;
  /** Seconds after which whoever broke it mends it again; absent: what is broken stays broken, or nothing is to be mended. */
  readonly lastsSeconds?: number;
}

export const failures: Readonly<Record<FailureId, Failure>> = {
  'half-open': {
    id: 'half-open',
    about: 'its connections to the database stay open and silent for good; the proxy still acknowledges packets',
  },
  'dropped-packets': {
    id: 'dropped-packets',
    about: 'every packet to and from the database is dropped for 20 min, in a network namespace',
    lastsSeconds: 1200,
  },
  'hole-30s': {
    id: 'hole-30s',
    about: 'nothing passes between connector and database for 30 s; then it flows on',
    lastsSeconds: 30,
  },
  'hole-60s': {
    id: 'hole-60s',
    about: 'nothing passes between connector and database for 60 s; then it flows on',
    lastsSeconds: 60,
  },
  'hole-5min': {
    id: 'hole-5min',
    about: 'nothing passes between connector and database for 5 min; then it flows on',
    lastsSeconds: 300,
  },
  reset: { id: 'reset', about: 'its connections to the database are reset (RST); new ones are served at once' },
  'database-stopped': {
    id: 'database-stopped',
    about: 'the database is stopped (SIGTERM) and started again after 5 min',
    lastsSeconds: 300,
  },
  'database-killed': {
    id: 'database-killed',
    about: 'the database is killed (SIGKILL) and started again after 5 min',
    lastsSeconds: 300,
  },
  'database-hangs': {
    id: 'database-hangs',
    about: 'the database process is stopped in place (SIGSTOP) for 5 min',
    lastsSeconds: 300,
  },
  failover: {
    id: 'failover',
    about:
      'new connections reach another server with the same rows and other binlog coordinates; the old ones are reset',
  },
  'binlog-purged': {
    id: 'binlog-purged',
    about: 'its connections are cut for 60 s, in which the binlog is purged beyond where it had read',
    lastsSeconds: 60,
  },
  'broker-hangs': {
    id: 'broker-hangs',
    about: 'the broker process is stopped in place (SIGSTOP) for 165 s',
    lastsSeconds: 165,
  },
  'broker-stopped': {
    id: 'broker-stopped',
    about: 'the broker is stopped (SIGTERM) and started again after 2 min',
    lastsSeconds: 120,
  },
  'worker-killed': {
    id: 'worker-killed',
    about: 'the worker process is killed (SIGKILL); MSK Connect’s stand-in starts it again after 10 s',
  },
  'task-exception': {
    id: 'task-exception',
    about: 'the broker refuses its records for 60 s as too large, and the task dies of the exception',
    lastsSeconds: 60,
  },
  'password-changed': {
    id: 'password-changed',
    about: 'the database user gets another password for 5 min, and its connections are reset',
    lastsSeconds: 300,
  },
  idle: { id: 'idle', about: 'nothing is written for 10 min; nothing is wrong' },
};
