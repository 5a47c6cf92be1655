/** Why a template cannot be deployed here; names the stack and the logical id. */
export class DeployError extends Error {
  readonly logicalId: string;

  constructor(stackName: string, logicalId: string, why: string, options?: ErrorOptions) {
    super(`${stackName}/${logicalId}: ${why}`, options);
    this.name = 'DeployError';
    this.logicalId = logicalId;
  }
}
