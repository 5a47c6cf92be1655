import type { Rule } from './rule.ts';

/** Every rule, in the order in which its findings are shown. docs/readiness.md is generated from this table. */
export const rules: readonly Rule[] = [];
