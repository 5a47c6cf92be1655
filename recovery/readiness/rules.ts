import type { Rule } from './rule.ts';
import { configProviders } from './rules/configProviders.ts';
import { connectorClass } from './rules/connectorClass.ts';
import { goneRevision, passRole, savedConfig, savedDrift } from './rules/deployed.ts';
import { databaseVersion } from './rules/databaseVersion.ts';
import { filterNames } from './rules/filterNames.ts';
import { heartbeatQuery, heartbeats, keepAlive } from './rules/heartbeats.ts';
import { historyLogin } from './rules/historyLogin.ts';
import { logGroupGone } from './rules/logGroupGone.ts';
import { metricsMissing } from './rules/metricsMissing.ts';
import { misconfigured } from './rules/misconfigured.ts';
import { mysqlOnMariadb } from './rules/mysqlOnMariadb.ts';
import { pinnedOffsets, sharedOffsetsTopic } from './rules/pinnedOffsets.ts';
import { plaintextSecret } from './rules/plaintextSecret.ts';
import { pluginOnConnect } from './rules/pluginOnConnect.ts';
import { providerReload } from './rules/providerReload.ts';
import { renamedSettings } from './rules/renamedSettings.ts';
import { requiredSettings } from './rules/requiredSettings.ts';
import { serverTimeZone } from './rules/serverTimeZone.ts';
import { sharedIdentity } from './rules/sharedIdentity.ts';
import { shutOut } from './rules/shutOut.ts';
import { droppedRecords, jdbcSinkNames, sinkTopics } from './rules/sinks.ts';
import { snapshotMode } from './rules/snapshotMode.ts';
import { binlogRetention, mariadbEncryption, outputPlugin, slotDropped } from './rules/sourceLog.ts';
import { topicPrefix } from './rules/topicPrefix.ts';
import { restartReach, tasksMax, workerLog } from './rules/watching.ts';

/** Every rule, in the order in which its findings are shown. docs/readiness.md is generated from this table. */
export const rules: readonly Rule[] = [
  // Would it come back: what a recreation is made of.
  savedConfig,
  savedDrift,
  goneRevision,
  passRole,
  shutOut,
  // Would it start.
  connectorClass,
  pluginOnConnect,
  renamedSettings,
  requiredSettings,
  configProviders,
  historyLogin,
  serverTimeZone,
  outputPlugin,
  mariadbEncryption,
  databaseVersion,
  // Would it find its place, and lose nothing.
  pinnedOffsets,
  snapshotMode,
  slotDropped,
  binlogRetention,
  mysqlOnMariadb,
  sharedIdentity,
  sharedOffsetsTopic,
  filterNames,
  topicPrefix,
  sinkTopics,
  jdbcSinkNames,
  droppedRecords,
  // Would its death be seen.
  heartbeats,
  heartbeatQuery,
  keepAlive,
  providerReload,
  restartReach,
  tasksMax,
  workerLog,
  misconfigured,
  logGroupGone,
  metricsMissing,
  plaintextSecret,
];
