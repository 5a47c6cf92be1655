import { PortError } from '../../recovery/ports.ts';
import { cleanText } from '../../tell/cleanText.ts';

/** What the engine makes of a failure of the Kafka client, by its codes; its messages name brokers and groups, never credentials. */
export function kafkaFault(error: unknown): PortError {
  if (error instanceof PortError) return error;
  const codes = kafkaCodes(error);
  const words = cleanText(`Kafka: ${wordsOf(error)}`);
  if (codes.some((code) => /AUTHENTICATION|AUTHORIZATION/.test(code))) {
    return new PortError('denied', words, { cause: error });
  }
  const passing = codes.some((code) => /NETWORK|TIMEOUT|ECONN|ENOTFOUND/.test(code));
  return new PortError(passing ? 'unavailable' : 'unexpected', words, { cause: error });
}

/** Its own codes and the broker's, of whatever lies below. */
export function kafkaCodes(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = ['code' in error ? error.code : '', 'apiId' in error ? error.apiId : ''].map(String);
  const below = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [error.cause];
  return [...own, ...below.flatMap(kafkaCodes)];
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const below: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return below instanceof Error ? `${error.message} ${wordsOf(below)}` : error.message;
}
