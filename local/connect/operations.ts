/** What an operation on a connector does, in the SDK's words. */
export type OperationType =
  | 'PAUSE_CONNECTOR'
  | 'RESUME_CONNECTOR'
  | 'RESTART_CONNECTOR'
  | 'UPDATE_CONNECTOR_CONFIGURATION'
  | 'UPDATE_WORKER_SETTING'
  | 'ISOLATE_CONNECTOR'
  | 'RESTORE_CONNECTOR';

type Verb = 'PAUSE' | 'RESUME' | 'RESTART' | 'UPDATE' | 'ROLLBACK';

/** An operation as DescribeConnectorOperation knows it. */
export interface ConnectorOperation {
  readonly connectorArn: string;
  readonly connectorOperationArn: string;
  readonly connectorOperationType: OperationType;
  connectorOperationState: `${Verb}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`;
  readonly creationTime: Date;
  endTime?: Date;
  errorInfo?: { readonly code: string; readonly message: string };
  /** What an update changes, before and after, in the SDK's fields. */
  readonly change?: Readonly<Record<string, unknown>>;
}

const verbs: Readonly<Record<OperationType, Verb>> = {
  PAUSE_CONNECTOR: 'PAUSE',
  RESUME_CONNECTOR: 'RESUME',
  RESTART_CONNECTOR: 'RESTART',
  UPDATE_CONNECTOR_CONFIGURATION: 'UPDATE',
  UPDATE_WORKER_SETTING: 'UPDATE',
  // The SDK declares no states of their own for AWS's operations; that they borrow these is [inferred].
  ISOLATE_CONNECTOR: 'UPDATE',
  RESTORE_CONNECTOR: 'UPDATE',
};

/** The state of an operation of that type that is under way. */
export function inProgress(type: OperationType): ConnectorOperation['connectorOperationState'] {
  return `${verbs[type]}_IN_PROGRESS`;
}

/** The state of an operation of that type that went through or did not. */
export function ended(type: OperationType, well: boolean): ConnectorOperation['connectorOperationState'] {
  return `${verbs[type]}_${well ? 'COMPLETE' : 'FAILED'}`;
}

/** DescribeConnectorOperation's answer. Updates have steps. */
export function describeOperation(operation: ConnectorOperation): Readonly<Record<string, unknown>> {
  const { change, ...shown } = operation;
  const steps = operation.connectorOperationType.startsWith('UPDATE_') ? { operationSteps: stepsOf(operation) } : {};
  return { ...shown, ...change, ...steps };
}

/** One line of ListConnectorOperations. */
export function summarizeOperation(operation: ConnectorOperation): Readonly<Record<string, unknown>> {
  const { connectorOperationArn, connectorOperationType, connectorOperationState, creationTime, endTime } = operation;
  return {
    connectorOperationArn,
    connectorOperationType,
    connectorOperationState,
    creationTime,
    ...(endTime !== undefined && { endTime }),
  };
}

/** Which step an update is at is not told apart: all wait behind the one that does the work [inferred]. */
function stepsOf(operation: ConnectorOperation): readonly Readonly<Record<string, string>>[] {
  const state = operation.connectorOperationState;
  const [before, work, after] =
    state === 'UPDATE_COMPLETE'
      ? ['COMPLETED', 'COMPLETED', 'COMPLETED']
      : state === 'UPDATE_IN_PROGRESS'
        ? ['COMPLETED', 'IN_PROGRESS', 'PENDING']
        : ['COMPLETED', 'FAILED', 'CANCELLED'];
  return [
    { stepType: 'INITIALIZE_UPDATE', stepState: before },
    { stepType: operation.connectorOperationType, stepState: work },
    { stepType: 'VALIDATE_UPDATE', stepState: after },
    { stepType: 'FINALIZE_UPDATE', stepState: after },
  ].map(({ stepType, stepState }) => ({ stepType, stepState: stepState ?? 'PENDING' }));
}
