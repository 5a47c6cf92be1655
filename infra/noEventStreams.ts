/**
 * Stands in the bundle for the SDK's event streams (StartLiveTail, SelectObjectContent, InvokeWithResponseStream): none of our calls is one,
 * and the clients load them all the same (13 KB).
 * @see https://smithy.io/2.0/spec/streaming.html#event-streams
 */
export function EventStreamSerde(): never {
  throw new Error('The bundle has no event streams: see infra/noEventStreams.ts.');
}

/** A marshaller is asked for when a client is made, and used by event streams alone. */
export function eventStreamSerdeProvider(): Readonly<Record<string, never>> {
  return {};
}

export function resolveEventStreamSerdeConfig<T>(config: T): T {
  return config;
}
