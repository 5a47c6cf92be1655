import { table } from '../../documents/between.ts';
import type { Cell } from './cell.ts';
import { at, settings, type PageInput } from './page.ts';
import type { CellRecord } from './record.ts';

/** The core in short, for the README. */
export function coreTable({ core, records }: Pick<PageInput, 'core' | 'records'>): string {
  return table(
    [
      'what was broken',
      'connector',
      'otherwise than by default',
      'alarm',
      'acted',
      'data flows',
      'what the product did',
      'rows lost',
      'twice',
    ],
    core.map(({ cell }) => {
      const record = records.get(cell.id);
      const figures = record?.figures;
      return [
        cell.failure,
        cell.variant,
        settings(cell.options),
        at(figures?.detectionSeconds),
        at(figures?.actSeconds),
        at(figures?.dataSeconds),
        record === undefined ? '-' : whatItDid(cell, record),
        figures === undefined ? '-' : String(figures.rows.lost),
        figures === undefined ? '-' : String(figures.rows.duplicated),
      ];
    }),
  );
}

const actWords: Readonly<Record<string, string>> = {
  RestartConnector: 'restarted',
  DeleteConnector: 'deleted',
  CreateConnector: 'created again',
};

function whatItDid({ failure, remedy }: Cell, { acts, figures }: CellRecord): string {
  const done = (who: 'product' | 'person') =>
    acts
      .filter(({ answer, by }) => answer === 'accepted' && by === who)
      .map(({ operation }) => actWords[operation] ?? operation)
      .join(', ');
  const byPerson = done('person') === '' ? '' : `; then a person: ${done('person')}`;
  if (done('product') !== '') return `${done('product')}${byPerson}`;
  if (remedy === 'watch') return 'told people, allowed no more';
  if (byPerson !== '') return `refused, and told why${byPerson}`;
  if (failure === 'idle') return 'left alone: nothing was wrong';
  return figures?.healedByItself === true ? 'left alone: it healed by itself' : 'left alone';
}
