import { describe, expect, it } from 'vitest';
import { cleanReason, cleanText } from '../../tell/cleanText.ts';
import { consoleDirections } from '../../lambda/directions.ts';
import { jsonRecorder } from '../../tell/jsonRecorder.ts';
import { fitSubject } from '../../tell/snsNotifier.ts';
import { plainSecrets } from '../../recovery/secrets.ts';
import { settings } from './settings.ts';

describe('text from outside', () => {
  it.each([
    ['plain', 'plain'],
    ['two\nlines\u0000\u001b[2J', 'two lines [2J'],
    ['turned\u202Earound', 'turned around'],
    ['x'.repeat(400), `${'x'.repeat(297)}...`],
  ])('%j is one bounded line', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });
});

describe('a reason', () => {
  const configuration = {
    'database.password': 'geheim',
    'database.user': 'cdc',
    'api.key': '${secretsmanager:shop/cdc:key}',
    'config.providers.secretsmanager.class': 'a.b.C',
    'consumer.sasl.jaas.config': 'software.amazon.msk.auth.iam.IAMLoginModule required;',
    'producer.sasl.jaas.config': 'ScramLoginModule required username="a" password="b1";',
  };

  it.each([
    ['login of cdc with geheim failed', 'login of cdc with *** failed'],
    ['url jdbc:mysql://h?user=a&password=b&x=1', 'url jdbc:mysql://h?user=a&password=***&x=1'],
    ['{"password": "b"}', '{"password": "***"}'],
    ['no route to mongodb+srv://cdc:s3cr:et@shop.example/?w=1', 'no route to mongodb+srv://cdc:***@shop.example/?w=1'],
    ['401 for https://registry.example:8081/subjects', '401 for https://registry.example:8081/subjects'],
    [
      'not authorized to perform: secretsmanager:GetSecretValue',
      'not authorized to perform: secretsmanager:GetSecretValue',
    ],
  ])('%s keeps no secret', (text, expected) => {
    expect(cleanReason(text, configuration)).toBe(expected);
  });

  it('and nobody takes a reference or an IAM login for one', () => {
    expect(plainSecrets(configuration)).toEqual(['database.password', 'producer.sasl.jaas.config']);
  });

  it.each([
    ["a schema registry's user and password", 'value.converter.basic.auth.user.info', 'key:geheim'],
    ['a PEM key', 'ssl.keystore.key', '-----BEGIN ENCRYPTED PRIVATE KEY-----'],
    ['a password in an address', 'mongodb.connection.string', 'mongodb://cdc:geheim@shop.example'],
    ['a password in a JDBC address', 'connection.url', 'jdbc:postgresql://h/shop?user=cdc&password=geheim'],
  ])('%s is a secret', (_title, key, value) => {
    expect(plainSecrets({ [key]: value })).toEqual([key]);
    expect(cleanReason(`refused: ${value}`, { [key]: value })).not.toMatch(/geheim|BEGIN/);
  });

  it.each([
    [
      'by a reference',
      'connection.url',
      'jdbc:postgresql://h/shop?user=cdc&password=${secretsmanager:shop/cdc:password}',
    ],
    ['by a reference', 'mongodb.connection.string', 'mongodb://cdc:${secretsmanager:shop/cdc:password}@shop.example'],
    ['in an address without one', 'connection.url', 'jdbc:postgresql://h:5432/shop'],
  ])('a password %s is none', (_title, key, value) => {
    expect(plainSecrets({ [key]: value })).toEqual([]);
  });
});

describe('a line of the log', () => {
  it('carries request, connector and, once it is known, the recovery, and no secrets', () => {
    const lines: string[] = [];
    const recorder = jsonRecorder({ request: 'q1', connector: 'orders-cdc' }, (line) => lines.push(line));
    recorder.note('decided', {
      recovery: 'r1',
      request2: { connectorConfiguration: { a: 'b' }, 'database.password': 'geheim' },
    });
    recorder.note('waiting', { reason: 'x'.repeat(5_000) });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        event: 'decided',
        request: 'q1',
        connector: 'orders-cdc',
        recovery: 'r1',
        request2: { connectorConfiguration: '(not logged)', 'database.password': '(not logged)' },
      },
      { event: 'waiting', connector: 'orders-cdc', recovery: 'r1', reason: `${'x'.repeat(4_000)}...` },
    ]);
  });
});

describe('the subject of a message', () => {
  it.each([
    ['orders-cdc is back', 'orders-cdc is back'],
    ['two\nlines and ümlaut', 'two?lines and ?mlaut'],
    ['', 'Connector recovery'],
    ['x'.repeat(100), `${'x'.repeat(96)}...`],
  ])('%j is one that SNS takes', (subject, expected) => {
    expect(fitSubject(subject)).toBe(expected);
  });
});

describe('where a message sends a person', () => {
  const directions = consoleDirections(
    'arn:aws:lambda:ap-northeast-2:111122223333:function:shop-recovery',
    settings.connectors,
  );

  it('into the console', () => {
    expect(
      directions.links('orders-cdc', 'arn:aws:kafkaconnect:ap-northeast-2:111122223333:connector/orders-cdc/1-2'),
    ).toEqual([
      'Connector: https://ap-northeast-2.console.aws.amazon.com/msk/home?region=ap-northeast-2#/connector/arn%3Aaws%3Akafkaconnect%3Aap-northeast-2%3A111122223333%3Aconnector%2Forders-cdc%2F1-2/view',
      'Worker log: https://ap-northeast-2.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-2#logsV2:log-groups/log-group/$252Fmsk-connect$252Fshop',
      'Alarms: https://ap-northeast-2.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-2#alarmsV2:?search=orders-cdc',
    ]);
  });

  it('to a command that a shell takes as it is', () => {
    expect(directions.command({ connector: "o'brien", dryRun: true })).toBe(
      `aws lambda invoke --region ap-northeast-2 --function-name shop-recovery --cli-binary-format raw-in-base64-out --cli-read-timeout 0 --payload '{"connector":"o'\\''brien","dryRun":true}' /dev/stdout`,
    );
  });
});
