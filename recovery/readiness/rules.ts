import type { Rule } from './rule.ts';
import { logGroupGone } from './rules/logGroupGone.ts';
import { metricsMissing } from './rules/metricsMissing.ts';
import { misconfigured } from './rules/misconfigured.ts';
import { shutOut } from './rules/shutOut.ts';

/** Every rule, in the order in which its findings are shown. docs/readiness.md is generated from this table. */
export const rules: readonly Rule[] = [shutOut, misconfigured, logGroupGone, metricsMissing];
