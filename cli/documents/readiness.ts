import { rules } from '../../recovery/readiness/rules.ts';
import { contextFields } from '../../recovery/readiness/context.ts';
import { table } from './between.ts';

/** Every rule for docs/readiness.md, from the table that judges. */
export function readinessRules(): string {
  return rules
    .map(({ name, what, severities, reason, cure, needs, sources }) =>
      [
        `### ${name}`,
        '',
        `${capital(what)}.`,
        '',
        table(
          ['', ''],
          [
            ['severity', severities.map((severity) => `\`${severity}\``).join(', ')],
            ['reason', reason],
            ['cure', cure],
            ...(needs.length === 0 ? [] : [['may need', needs.map((need) => `\`${need}\``).join(', ')]]),
            ['source', sources.map(sourceLink).join('<br>')],
          ],
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

/** The rules at a glance, with what each needs. */
export function readinessOverview(): string {
  return table(
    ['rule', 'finds', 'severity', 'may need'],
    rules.map(({ name, what, severities, needs }) => [
      `[${name}](#${name})`,
      what,
      severities.map((severity) => `\`${severity}\``).join(', '),
      needs.map((need) => `\`${need}\``).join(', '),
    ]),
  );
}

/** The fields of a context, and which rules need each. */
export function readinessContext(): string {
  return table(
    ['field', 'needed by'],
    contextFields.map((field) => [
      `\`${field}\``,
      rules
        .filter(({ needs }) => needs.includes(field))
        .map(({ name }) => `[${name}](#${name})`)
        .join(', ') || 'binlog-retention, which else takes the product’s own worst case',
    ]),
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A page of this folder by its name, everything else by its address. */
function sourceLink(source: string): string {
  const [, page] = /^docs\/(\S+\.md)$/.exec(source) ?? [];
  return page === undefined ? `<${source}>` : `[${page}](${page})`;
}
