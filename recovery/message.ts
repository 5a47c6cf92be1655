/** What people get. */
export interface Message {
  readonly connector: string;
  /** Printable ASCII, at most 100 characters: what an SNS e-mail takes. */
  readonly subject: string;
  readonly text: string;
}
