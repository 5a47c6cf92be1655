/**
 * This process as one of the actors: takes messages one after the other, and ends when its parent does.
 * @param take whatever it throws is answered as `failed`
 */
export function actOn<To>(take: (message: To) => Promise<void>): void {
  process.on('disconnect', () => process.exit(0));
  let before = Promise.resolve();
  process.on('message', (message: To) => {
    before = before
      .then(() => take(message))
      .catch((error: unknown) =>
        tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
      );
  });
}

/** Tells the parent; one that is gone does not hear it. */
export function tell(message: { readonly kind: string; readonly [field: string]: unknown }): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
