import { fault, shown } from './faults.ts';
import { fitsAny } from './patterns.ts';

/**
 * The faults of patterns in `overrides` that fit no connector of any cluster: such an override would hold for nobody, without a word.
 * @param overrides as they are written
 * @param clusters the names of all clusters
 * @param place of the overrides in their file
 */
export function overrideFaults(
  overrides: readonly { readonly connectors: readonly string[] }[],
  clusters: readonly string[],
  place: string,
): string[] {
  return overrides.flatMap(({ connectors }, index) =>
    connectors.flatMap((pattern, at) =>
      clusters.some((name) => fitsSomeOf(name, pattern))
        ? []
        : [
            fault(
              `${place}[${index}].connectors[${at}]`,
              shown(pattern),
              `<cluster>/<connector> of a cluster that there is: ${clusters.join(', ')}`,
            ),
          ],
    ),
  );
}

/** Whether a pattern fits a connector of the cluster, whatever that connector is called: a part of it fits all that stands before the name, and leaves room for one. */
function fitsSomeOf(cluster: string, pattern: string): boolean {
  return Array.from(pattern, (_, at) => pattern.slice(0, at + 1)).some(
    (part) => fitsAny(`${cluster}/`, [part]) && (part.endsWith('*') || part.length < pattern.length),
  );
}
