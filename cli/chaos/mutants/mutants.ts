import type { Mutant } from './mutant.ts';

/** Every way in which the product is broken on purpose, each of which the histories must find. The source itself knows nothing of it. */
export const mutants: readonly Mutant[] = [
  {
    name: 'skip the lease',
    harm: 'two invocations recover one connector at once',
    pieces: [
      {
        file: 'recovery/lease.ts',
        find: 'lease.holder !== holder &&',
        replace: "lease.holder === '' &&",
      },
    ],
  },
  {
    name: 'ignore a lost compare-and-swap',
    harm: 'who lost the lease goes on acting',
    pieces: [
      {
        file: 'recovery/lease.ts',
        find: "if (answer.kind === 'lost') throw new LeaseLost(journal.connector);",
        replace: "if (answer.kind === 'lost') { this.#journal = journal; return; }",
      },
    ],
  },
  {
    name: 'restart before the journal is written',
    harm: 'whoever comes next knows nothing of the restart',
    pieces: [
      {
        file: 'recovery/perform.ts',
        find: 'await writeActs(held, recovery, [...recovery.acts, act]);\n  const tooOld = seenTooLongAgo(seenAt, ports);\n  if (tooOld !== undefined) {\n    await held.write(before);\n    throw tooOld;\n  }\n  const answer = await ports.connectors.restart(arn, how);',
        replace:
          'const answer = await ports.connectors.restart(arn, how);\n  await writeActs(held, recovery, [...recovery.acts, act]);',
      },
    ],
  },
  {
    name: 'delete before the journal is written',
    harm: 'a crash leaves a deletion that only its backup knows of',
    pieces: [
      {
        file: 'recovery/perform.ts',
        find: 'await held.write(\n    approvalUsed({',
        replace: 'void Promise.resolve(\n    approvalUsed({',
      },
      {
        file: 'recovery/perform.ts',
        find: 'await writeActs(held, recovery, [...recovery.acts, { ...act, backup: place }]);',
        replace: '',
      },
    ],
  },
  {
    name: 'create before the journal is written',
    harm: 'whoever comes next creates it once more',
    pieces: [{ file: 'recovery/perform.ts', find: 'await writeActs(held, recovery, [...acts, act]);', replace: '' }],
  },
  {
    name: 'drop the backup',
    harm: 'where the journal is lost, the connector is',
    pieces: [
      {
        file: 'recovery/perform.ts',
        find: 'const place = await ports.savedConfigs.writeBackup(backup);',
        replace: "const place = 'nowhere';",
      },
    ],
  },
  {
    name: 'write the backup after the deletion',
    harm: 'a crash in between leaves only the journal',
    pieces: [
      {
        file: 'recovery/perform.ts',
        find: 'const place = await ports.savedConfigs.writeBackup(backup);',
        replace: "const place = 'later';",
      },
      {
        file: 'recovery/perform.ts',
        find: 'const answer = await ports.connectors.delete(arn, version);',
        replace:
          'const answer = await ports.connectors.delete(arn, version);\n  await ports.savedConfigs.writeBackup(backup);',
      },
    ],
  },
  {
    name: 'keep the promise open',
    harm: 'what a person deletes one day is created again',
    pieces: [
      {
        file: 'recovery/perform.ts',
        find: "if (act?.kind !== 'delete' || act.backupClosedAt !== undefined) return;",
        replace: 'if (act !== recovery) return;',
      },
    ],
  },
  {
    name: 'forget the sweep',
    harm: 'an interrupted recreation is never finished',
    pieces: [
      { file: 'lambda/sweep.ts', find: 'const plan = planSweep(seen, now);', replace: 'const plan: unknown[] = [];' },
    ],
  },
  {
    name: 'delete without asking for the sweep',
    harm: 'nobody would finish what is begun',
    pieces: [
      {
        file: 'recovery/remedy.ts',
        find: 'if (silence === undefined || silence > policy.sweepSeenWithinSeconds) {',
        replace: 'if (silence !== undefined && silence < 0) {',
      },
    ],
  },
  {
    name: 'delete whatever version there is',
    harm: "somebody's update is deleted unseen",
    pieces: [
      {
        file: 'lambda/mskConnect.ts',
        find: 'connectorArn: arn, currentVersion: version }',
        replace: 'connectorArn: arn }',
      },
    ],
  },
  {
    name: 'recreate from the live configuration',
    harm: 'what was validated is not what is created',
    pieces: [
      {
        file: 'recovery/patient.ts',
        find: 'recreateFrom: from,',
        replace: "recreateFrom: { ...connector.request, connectorDescription: 'as it was' },",
      },
    ],
  },
  {
    name: 'create something else than what was written',
    harm: 'the connector comes back changed',
    pieces: [
      {
        file: 'recovery/perform.ts',
        find: 'const answer = await ports.connectors.create(doing.request);',
        replace:
          "const answer = await ports.connectors.create({ ...doing.request, connectorDescription: 'recreated' });",
      },
    ],
  },
  {
    name: 'give up a creation that was refused once',
    harm: 'a right that was missing for a minute costs the connector',
    pieces: [
      {
        file: 'recovery/afterDeletion.ts',
        find: "case 'refused':\n    case 'vanished':\n      break;",
        replace: "case 'refused':\n      return undefined;\n    case 'vanished':\n      break;",
      },
    ],
  },
  {
    name: 'take what was deleted for not ours',
    harm: 'the connector stays deleted',
    pieces: [
      {
        file: 'recovery/afterDeletion.ts',
        find: "if (act.result === 'gone' && observation.sighting.kind === 'absent') {",
        replace:
          "if (act.result === 'gone') return undefined;\n  if (act.result === 'gone' && observation.sighting.kind === 'absent') {",
      },
    ],
  },
  {
    name: 'trust the journal alone',
    harm: 'where the journal is lost, the connector is',
    pieces: [
      {
        file: 'recovery/decide.ts',
        find: 'return takeUp(backup.backup);',
        replace: "return refuse('absent', 'not ours', verdict);",
      },
    ],
  },
  {
    name: 'take a lost answer for a refusal',
    harm: 'what was done after all is never looked after',
    pieces: [
      {
        file: 'lambda/mskConnect.ts',
        find: "if (code === 'throttled' || code === 'unavailable') throw portError(call, error, configuration);\n  const reason",
        replace: 'const reason',
      },
    ],
  },
  {
    name: 'take missing data for death',
    harm: 'a connector of which nothing is published is deleted',
    pieces: [
      {
        file: 'recovery/diagnose.ts',
        find: "kind: 'unknown',\n    because: `Nothing that was seen tells",
        replace: "kind: 'dead',\n    because: `Nothing that was seen tells",
      },
    ],
  },
  {
    name: 'judge by what is older than the act',
    harm: 'what a restart cured is deleted for what its predecessor showed',
    pieces: [
      {
        file: 'recovery/judge.ts',
        find: 'const start = later(plusSeconds(at, -seconds), later(actedAt, connector.createdAt)) ?? connector.createdAt;',
        replace: 'const start = plusSeconds(at, -seconds);',
      },
      {
        file: 'recovery/judge.ts',
        find: 'return { signs: after(signs, start, lastCarriedOut(recovery), policy), actedAt, background };',
        replace: 'return { signs, actedAt: undefined, background };',
      },
    ],
  },
  {
    name: 'touch the living',
    harm: 'a connector that flows is restarted for an alarm that was late',
    pieces: [
      {
        file: 'recovery/triage.ts',
        find: 'if (asked) return byRequest(patient);\n      if (isYetUnproved',
        replace:
          "if (asked || (trigger.kind === 'alarm' && patient.journal.recovery === undefined)) return apply('restart', 'an alarm', patient);\n      if (isYetUnproved",
      },
    ],
  },
  {
    name: 'give no time to heal',
    harm: 'what would have come back by itself is deleted',
    pieces: [
      {
        file: 'recovery/decide.ts',
        find: 'if (waited < policy.waits.healSeconds && !isFinal(verdict, connector))',
        replace: 'if (waited < 0)',
      },
    ],
  },
  {
    name: 'say recovered without data',
    harm: 'people sleep while nothing flows',
    pieces: [
      {
        file: 'recovery/decide.ts',
        find: "if (verdict.kind === 'alive') {\n    const nothing",
        replace: "if (verdict.kind !== 'dead') {\n    const nothing",
      },
    ],
  },
  {
    name: 'ignore PAUSED',
    harm: 'what somebody paused is deleted',
    pieces: [
      {
        file: 'recovery/decide.ts',
        find: 'if (!platformOf(policy).judged.includes(connector.state))',
        replace: "if (!platformOf(policy).judged.includes(connector.state) && connector.state !== 'PAUSED')",
      },
      {
        file: 'recovery/observe.ts',
        find: 'if (!platformOf(policy).judged.includes(state)) return false;',
        replace: "if (!platformOf(policy).judged.includes(state) && state !== 'PAUSED') return false;",
      },
      {
        file: 'recovery/judge.ts',
        find: 'if (type === platformOf(policy).restartOperation && !restartReachesTasks(policy)) continue;',
        replace: "if (type === 'PAUSE_CONNECTOR') continue;",
      },
    ],
  },
  {
    name: 'ignore an operation in progress',
    harm: "a deployment of AWS's own is taken for an invitation",
    pieces: [
      {
        file: 'recovery/decide.ts',
        find: "const operation = connector.operations.find((candidate) => candidate.state === 'in-progress');",
        replace: 'const operation = undefined;',
      },
      {
        file: 'recovery/observe.ts',
        find: "if (operations.some((operation) => operation.state === 'in-progress')) return false;",
        replace: '',
      },
    ],
  },
  {
    name: 'blame the connector for its source',
    harm: 'while the database is away its connectors are deleted',
    pieces: [
      {
        file: 'recovery/diagnose.ts',
        find: "if (outOfReach.length === 0 || saying(look, 'listening').length > 0) return undefined;",
        replace: 'if (outOfReach !== undefined) return undefined;',
      },
    ],
  },
  {
    name: 'tell it each time',
    harm: 'whoever is told every five minutes reads nothing any more',
    pieces: [
      {
        file: 'recovery/standing.ts',
        find: "if (outcome.verdict.kind === 'unknown') return !isAdvised(outcome.verdict, journal);",
        replace: "if (outcome.verdict.kind === 'unknown') return true;",
      },
    ],
  },
  {
    name: 'ignore the offsets',
    harm: 'a source starts again from nothing',
    pieces: [
      {
        file: 'recovery/remedy.ts',
        find: "if (policy.offsets === 'may-be-lost' || offsets?.kind === 'kept') return true;",
        replace: 'if (policy !== undefined) return true;',
      },
    ],
  },
  {
    name: 'know no limit',
    harm: 'what keeps failing is deleted again and again',
    pieces: [
      {
        file: 'recovery/remedy.ts',
        find: 'return limitOfTheDay(journal, policy, now) ?? cooldown(journal, policy, now);',
        replace: 'return undefined;',
      },
    ],
  },
  {
    name: 'tell only once',
    harm: 'whoever slept through the first message learns of it in the morning',
    pieces: [
      {
        file: 'recovery/alarmed.ts',
        find: 'return secondsBetween(alarmed.at, now) >= interval;',
        replace: 'return secondsBetween(alarmed.at, now) >= interval * 1000;',
      },
    ],
  },
  {
    name: 'log the configuration',
    harm: 'passwords lie in the log',
    pieces: [
      {
        file: 'recovery/recover.ts',
        find: 'note(ports, held, `decided.${decision.kind}`, { reason: decision.reason,',
        replace:
          'note(ports, held, `decided.${decision.kind}`, { seen: JSON.stringify(observation), reason: decision.reason,',
      },
    ],
  },
  {
    name: 'repeat errors as they come',
    harm: 'a service that repeats what it refuses puts a password into a message',
    pieces: [
      {
        file: 'recovery/secrets.ts',
        find: 'let clean = text;',
        replace: 'if (configuration !== undefined) return text;\n  let clean = text;',
      },
    ],
  },
];
