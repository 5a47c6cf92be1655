/** One line of the table. */
export interface Figure {
  /** What belongs together, such as `bundle`. */
  readonly group: string;
  readonly name: string;
  readonly value: number | string;
  readonly unit: string;
  /** How it was measured, in a few words. */
  readonly measured: string;
  /** The most it may be; absent: no limit is set. */
  readonly limit?: number;
}

/** Whether every figure with a limit keeps it. */
export function limitsHold(figures: readonly Figure[]): boolean {
  return figures.every((figure) => keepsLimit(figure) !== false);
}

function keepsLimit({ value, limit }: Figure): boolean | undefined {
  return limit === undefined || typeof value === 'string' ? undefined : value <= limit;
}

/** The figures as one plain table, group by group. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    shown(figure.value),
    figure.unit,
    limitText(figure),
    figure.measured,
  ]);
  const head = ['figure', 'value', 'unit', 'limit', 'measured'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const lines = [line(head), line(widths.map((width) => '-'.repeat(width)))];
  for (const [index, figure] of figures.entries()) {
    if (index === 0 || figures[index - 1]?.group !== figure.group) lines.push(figure.group);
    lines.push(line(rows[index] ?? []));
  }
  return lines.join('\n');
}

function limitText(figure: Figure): string {
  const kept = keepsLimit(figure);
  if (kept === undefined || figure.limit === undefined) return '';
  return `at most ${shown(figure.limit)}: ${kept ? 'met' : 'MISSED'}`;
}

function shown(value: number | string): string {
  if (typeof value === 'string') return value;
  return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(2);
}
