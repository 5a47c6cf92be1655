import type { Finding, Step } from './finding.ts';

/** A finding that says what would tell: the rule applies, and a fact is missing. */
export function cannotTell(open: {
  readonly rule: string;
  readonly where?: string;
  /** What cannot be told, as a clause: "whether …". */
  readonly whether: string;
  /** What it may lead to. */
  readonly leadsTo: string;
  /** The field of the context, or else what would tell. */
  readonly needs: string;
  readonly cure?: string;
  readonly affects: readonly Step[];
}): Finding {
  return {
    rule: open.rule,
    severity: 'cannot-tell',
    ...(open.where === undefined ? {} : { where: open.where }),
    found: `cannot tell ${open.whether}: needs ${open.needs}`,
    leadsTo: open.leadsTo,
    cure: open.cure ?? `say ${open.needs}, in the context beside the file or in connectors.json`,
    needs: open.needs,
    affects: open.affects,
  };
}
