import { cannotTell } from '../cannotTell.ts';
import { providersOf, valueOf } from '../configuration.ts';
import { debeziumSourceOf } from '../family.ts';
import type { Finding } from '../finding.ts';
import { loginOf, type Login } from '../login.ts';
import type { Rule } from '../rule.ts';
import { historyPrefix, keepsHistoryInKafka } from '../schemaHistory.ts';
import type { Subject } from '../subject.ts';

const both = ['restart', 'recreation'] as const;

/** Debezium's own history clients have no login, or not all of one. */
export const historyLogin: Rule = {
  name: 'history-login',
  what: 'schema history clients without the login that the cluster asks for',
  severities: ['blocks'],
  reason:
    'Debezium reads and writes its schema history with a producer and a consumer of its own, which inherit nothing of the worker’s: without protocol, mechanism, credentials and (for IAM) callback handler of their own they are not let in, and the task dies at its start',
  cure: '`schema.history.internal.producer.*` and `schema.history.internal.consumer.*`, each with all of it (`database.history.*` before 2.0)',
  needs: ['workerProperties'],
  sources: [
    'https://docs.aws.amazon.com/msk/latest/developerguide/mkc-debeziumsource-connector-example.html',
    'https://debezium.io/documentation/reference/2.7/connectors/mysql.html#debezium-mysql-connector-pass-through-database-history-properties-for-configuring-producer-and-consumer-clients',
    'https://github.com/aws/aws-msk-iam-auth#configuring-a-kafka-client-to-use-aws-iam',
    'https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html',
  ],
  judge,
};

function judge(subject: Subject): Finding[] {
  const debezium = debeziumSourceOf(subject);
  if (debezium === undefined || !keepsHistoryInKafka(subject, debezium)) return [];
  const prefix = historyPrefix(subject, debezium);
  const servers = valueOf(subject.configuration, `${prefix}.kafka.bootstrap.servers`);
  // Without servers there is nothing to log in to; `required-settings` says that.
  if (servers === undefined) return [];
  const login = loginOf(subject, servers);
  if (login.kind === 'none') return [];
  if (login.kind === 'unknown') {
    return clientsWithoutProtocol(subject, prefix)
      ? [
          cannotTell({
            rule: historyLogin.name,
            where: `${prefix}.kafka.bootstrap.servers`,
            whether: 'whether the schema history’s clients need a login',
            leadsTo: 'without one that is asked for, the task dies at its start',
            needs: login.needs,
            affects: both,
          }),
        ]
      : [];
  }
  return (['producer', 'consumer'] as const).flatMap((client) => clientFindings(subject, `${prefix}.${client}`, login));
}

function clientsWithoutProtocol(subject: Subject, prefix: string): boolean {
  return ['producer', 'consumer'].some(
    (client) => valueOf(subject.configuration, `${prefix}.${client}.security.protocol`) === undefined,
  );
}

function clientFindings(subject: Subject, client: string, login: Extract<Login, { kind: 'asked' }>): Finding[] {
  const mechanism = valueOf(subject.configuration, `${client}.sasl.mechanism`)?.toUpperCase() ?? '';
  const asked = (mechanism === 'OAUTHBEARER' && login.withOAuthBearer) || login.settings;
  const wrong = Object.entries(asked).flatMap(([key, accepted]) => {
    const value = valueOf(subject.configuration, `${client}.${key}`);
    if (value === undefined) return [`${key} is missing`];
    // What a provider holds is not seen here.
    return accepted(value) || providersOf(value).length > 0 ? [] : [`${key} does not fit`];
  });
  if (wrong.length === 0) return [];
  return [
    {
      rule: historyLogin.name,
      severity: 'blocks',
      where: `${client}.*`,
      found: `${login.asks}, and of ${client}.* ${wrong.join(', ')}`,
      leadsTo: 'Debezium’s history clients do not inherit the worker’s login: the task dies at its start',
      cure: `give ${client}.* all of ${Object.keys(asked).join(', ')}`,
      affects: both,
    },
  ];
}
