/**
 * Aborts when the person or the machine asks this process to end. To be called before anything slow is loaded, for Ctrl+C may come before that.
 * `on`, not `once`: what restores the terminal's cursor ends the process at once when it finds no other listener.
 */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  process.on('SIGINT', () => interrupted.abort(new Error('Interrupted.')));
  process.on('SIGTERM', () => interrupted.abort(new Error('Ended.')));
  return interrupted.signal;
}
