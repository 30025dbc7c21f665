/** A matrix of doubles to be shown as coloured cells, row by row. */
export interface HeatMap {
  readonly name: string;
  /** Of the matrix itself, which may have more rows and columns than are shown. */
  readonly shape: readonly [rows: number, columns: number];
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

/** The most cells along a side. */
const MOST_CELLS = 64;

/**
 * A matrix with at most 64 cells along a side: a cell of a larger one shows the entry of largest size that it covers, of
 * those that are finite.
 */
export function heatMapOf(
  name: string,
  rows: number,
  columns: number,
  entry: (i: number, j: number) => number,
): HeatMap {
  const [shownRows, shownColumns] = [Math.min(rows, MOST_CELLS), Math.min(columns, MOST_CELLS)];
  const edges = (count: number, shown: number) =>
    Array.from({ length: shown + 1 }, (_, k) => Math.floor((k * count) / shown));
  const [down, across] = [edges(rows, shownRows), edges(columns, shownColumns)];
  const values: number[] = [];
  for (let i = 0; i < shownRows; i++) {
    for (let j = 0; j < shownColumns; j++) {
      let most = 0;
      for (let r = down[i]; r < down[i + 1]; r++) {
        for (let c = across[j]; c < across[j + 1]; c++) {
          const value = entry(r, c);
          if (Number.isFinite(value) && Math.abs(value) > Math.abs(most)) most = value;
        }
      }
      values.push(rounded(most));
    }
  }
  return { name, shape: [rows, columns], rows: shownRows, columns: shownColumns, values };
}

/** As many digits as an eye can see. */
export function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
