/** A function as its template describes it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** The asset folder of the built bundle. */
  readonly codeDirectory: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  /** Such as `nodejs24.x`; the process runs on this machine's own Node. */
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logFormat: 'Text' | 'JSON';
  /** 0 stops the function; absent: it shares the account's. */
  readonly reservedConcurrency?: number;
  readonly deadLetterTargetArn?: string;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html */
export interface AsyncInvokeConfig {
  /** 0 to 2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** 60 to 21600. @default 21600 */
  readonly maximumEventAgeSeconds?: number;
  /** A queue or topic that gets a record of an event that failed for good. */
  readonly onFailureArn?: string;
}

/** A statement of the function's resource policy. */
export interface InvokePermission {
  /** A service such as `events.amazonaws.com`. */
  readonly principal: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}
