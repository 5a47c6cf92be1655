import { afterEach, expect, test, vi } from 'vitest';
import { RowsAreThere, type RowTable } from '../../../../local/real/rows/rowTable.ts';
import { startWriting, type RowWriter } from '../../../../local/real/rows/rowWriter.ts';

/** A table in memory, whose connections can be broken in the ways in which a database's are. */
class BreakableTable {
  readonly ids: number[] = [];
  readonly ports: (number | undefined)[] = [];
  away = false;
  /** Of the next insertion: is it committed, and is it answered? */
  next: 'answers' | 'loses the answer' | 'loses the rows' | 'never answers' = 'answers';

  connect = async (port: number | undefined): Promise<RowTable> => {
    if (this.away) throw new Error('ECONNREFUSED');
    this.ports.push(port);
    return Promise.resolve({
      highestId: () => Promise.resolve(this.ids.at(-1) ?? 0),
      insert: (from, to) => this.#insert(from, to),
      cut: () => undefined,
    });
  };

  #insert(from: number, to: number): Promise<void> {
    const { next } = this;
    this.next = 'answers';
    if (this.away || next === 'loses the rows') return Promise.reject(new Error('ECONNRESET'));
    if (next === 'never answers') return new Promise(() => undefined);
    if (this.ids.includes(from)) return Promise.reject(new RowsAreThere());
    for (let id = from; id <= to; id += 1) this.ids.push(id);
    return next === 'answers' ? Promise.resolve() : Promise.reject(new Error('ECONNRESET'));
  }
}

let writer: RowWriter | undefined;
afterEach(async () => {
  await writer?.close();
});

function writing(table: BreakableTable, rowsPerSecond = 200): RowWriter {
  writer = startWriting(table.connect, { rowsPerSecond });
  return writer;
}

function oneToN(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}

test('rows get rising ids, none twice, and are told when they are known to be committed', async () => {
  const table = new BreakableTable();
  const rows = writing(table);

  await vi.waitFor(() => expect(rows.written).toBeGreaterThan(10));
  await rows.close();

  expect(table.ids).toEqual(oneToN(table.ids.length));
  expect(table.ids.length - rows.written).toBeLessThanOrEqual(1);
  expect([...rows.writtenAtMs.keys()]).toEqual(oneToN(rows.written));
  expect(rows.lastWrittenAtMs).toBe(rows.writtenAtMs.get(rows.written));
});

test.each(['loses the answer', 'loses the rows'] as const)(
  'when the database %s of a commit, each row is written once all the same',
  async (failure) => {
    const table = new BreakableTable();
    const rows = writing(table);
    await vi.waitFor(() => expect(rows.written).toBeGreaterThan(2));

    table.next = failure;
    await vi.waitFor(() => expect(rows.trouble).toBe('ECONNRESET'), { interval: 5 });
    const knownThen = rows.written;
    await vi.waitFor(() => expect(rows.written).toBeGreaterThan(knownThen + 5));

    expect(rows.trouble).toBeUndefined();
    expect(table.ids).toEqual(oneToN(table.ids.length));
  },
);

test('a row whose commit is in doubt is not yet written, and nothing is settled', async () => {
  const table = new BreakableTable();
  table.next = 'never answers';
  const rows = writing(table);
  await vi.waitFor(() => expect(table.next).toBe('answers'));

  const settled = await Promise.race([
    rows.settled().then(() => true),
    new Promise((resolve) => setTimeout(resolve, 50, false)),
  ]);

  expect(rows.written).toBe(0);
  expect(settled).toBe(false);
});

test('it waits for a database that is away, without making up for the rows of that time, and goes on where it was', async () => {
  const table = new BreakableTable();
  const rows = writing(table);
  await vi.waitFor(() => expect(rows.written).toBeGreaterThan(2));

  table.away = true;
  await vi.waitFor(() => expect(rows.trouble).toBeDefined());
  const before = rows.written;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(rows.written).toBe(before);
  expect(rows.trouble).toBe('ECONNREFUSED');
  table.away = false;
  await vi.waitFor(() => expect(rows.written).toBeGreaterThan(before), { interval: 5 });

  // 1.5 s at 200 a second would be 300.
  expect(rows.written - before).toBeLessThan(100);
  expect(table.ids).toEqual(oneToN(table.ids.length));
});

test('a rate of 0 pauses, and none is under way once it has settled', async () => {
  const table = new BreakableTable();
  const rows = writing(table);
  await vi.waitFor(() => expect(rows.written).toBeGreaterThan(2));

  rows.setRate(0);
  await rows.settled();
  const paused = table.ids.length;
  await new Promise((resolve) => setTimeout(resolve, 100));

  expect(table.ids).toHaveLength(paused);
  expect(rows.written).toBe(paused);
  rows.setRate(200);
  await vi.waitFor(() => expect(rows.written).toBeGreaterThan(paused));
});

test('it goes on after the rows that the table has already', async () => {
  const table = new BreakableTable();
  table.ids.push(1, 2, 3);
  const rows = writing(table);

  await vi.waitFor(() => expect(rows.written).toBeGreaterThan(4));

  expect(table.ids).toEqual(oneToN(table.ids.length));
  expect(rows.writtenAtMs.has(3)).toBe(false);
});

test('pointed to another port it connects there, and keeps counting', async () => {
  const table = new BreakableTable();
  const rows = writing(table);
  await vi.waitFor(() => expect(rows.written).toBeGreaterThan(2));

  rows.retarget(3307);
  const before = rows.written;
  await vi.waitFor(() => expect(rows.written).toBeGreaterThan(before + 1));

  expect(table.ports).toEqual([undefined, 3307]);
  expect(table.ids).toEqual(oneToN(table.ids.length));
});

test('it keeps to its rate', async () => {
  const table = new BreakableTable();
  const beganAtMs = performance.now();
  const rows = writing(table, 50);

  await new Promise((resolve) => setTimeout(resolve, 1000));

  // On a busy machine the second takes longer.
  const seconds = (performance.now() - beganAtMs) / 1000;
  expect(rows.written).toBeGreaterThan(35);
  expect(rows.written).toBeLessThanOrEqual(50 * seconds + 2);
});
