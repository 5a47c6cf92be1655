/**
 * This process as one of the actors: takes messages one after the other, and ends when its parent does.
 * @param take is given each message, whose type is between parent and actor; whatever it throws is answered as `failed`
 */
export function actOn(take: (message: unknown) => Promise<void>): void {
  process.on('disconnect', () => process.exit(0));
  let before = Promise.resolve();
  process.on('message', (message) => {
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
