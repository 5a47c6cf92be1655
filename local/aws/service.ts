/**
 * A local service: its operations by the name the SDK uses (`CreateConnector`, `GetObject`), input and output as the SDK's own
 * shapes (dates as Date, blobs as Uint8Array). No HTTP in here: the wire layer, a virtual-time test and the local stack all call the same thing.
 * @throws AwsError
 */
export interface LocalService {
  readonly name: 'kafkaconnect' | 's3' | 'sns' | 'logs' | 'monitoring' | 'events' | 'scheduler' | 'lambda' | 'iam';
  call(operation: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
}

/** Where local services and data planes send what a worker would show. */
export interface Telemetry {
  /** One line of a log, as CloudWatch Logs would get it. */
  log(logGroup: string, stream: string, message: string): void;
  metric(namespace: string, name: string, dimensions: Readonly<Record<string, string>>, value: number): void;
}
