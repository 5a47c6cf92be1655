/** The first line of what a JSON webhook was sent. */
export function subjectOf(body: unknown): string {
  const { subject, text } = (typeof body === 'object' && body !== null ? body : {}) as {
    readonly subject?: unknown;
    readonly text?: unknown;
  };
  const found = typeof subject === 'string' ? subject : typeof text === 'string' ? text : JSON.stringify(body);
  return found.split('\n', 1)[0] ?? '';
}
