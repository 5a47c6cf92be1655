import { broken } from './casebook.ts';
import type { BrokenRule, Casebook } from './casebook.ts';

const rule = '3: a deletion names the ARN and version that were observed';

/** DeleteConnector carries an ARN and a version, and the same invocation was shown both by DescribeConnector before. */
export function deletionNamesWhatWasSeen(book: Casebook): readonly BrokenRule[] {
  return book.deeds.flatMap((deed) => {
    if (deed.kind !== 'delete') return [];
    const { connectorArn: arn, currentVersion: version } = deed.call.input;
    if (typeof version !== 'string') return [broken(rule, book, deed.call, 'it names no version')];
    // An older answer in the place of the true one named it as well as that did.
    const seen = deed.before.some(
      ({ operation, answered, input, output }) =>
        operation === 'DescribeConnector' &&
        answered &&
        input['connectorArn'] === arn &&
        output?.['currentVersion'] === version,
    );
    return seen ? [] : [broken(rule, book, deed.call, 'nobody had seen that ARN with that version')];
  });
}
