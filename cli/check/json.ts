import type { InputFault } from '../../recovery/readiness/inputFault.ts';
import { rules } from '../../recovery/readiness/rules.ts';
import type { Shown } from './table.ts';

/** The version of the shape below; it changes only when a field goes or means something else. */
const schema = 1;

/** Judgements for machines: `{ schema, ready, connectors: [{ file?, name, platform, ready, restart, recreation, findings }], faults: [], rules }`. */
export function jsonOf(judged: readonly Shown[]): string {
  return written(judged, []);
}

/** The same shape where the input could not be read: no connectors, and every fault. */
export function unreadableJson(faults: readonly InputFault[]): string {
  return written([], faults);
}

function written(judged: readonly Shown[], faults: readonly InputFault[]): string {
  const document = {
    schema,
    ready: faults.length === 0 && judged.every(({ ready }) => ready),
    connectors: judged,
    faults,
    rules: rules.map(({ name }) => name),
  };
  return JSON.stringify(document, null, 2);
}
