import { demandTime } from '../deadline.js';
import { Rational } from './rational.js';
import { cleared, type RationalMatrix, transposed } from './rational-matrix.js';

/**
 * Exact elimination without fractions (Bareiss, Sylvester's identity and multistep integer-preserving Gaussian
 * elimination, Math. Comp. 22, 1968). After k steps every entry that is still to be eliminated is a minor of order k + 1
 * of the integer matrix, so that each division by the pivot before is exact and numbers stay as short as minors are:
 * at order 60 that is seconds where fractions would take minutes.
 */
interface Echelon {
  readonly rows: bigint[][];
  /** The column of the pivot of each of the first rows. */
  readonly pivots: readonly number[];
  /** The last pivot: up to the sign, the minor of the pivot rows and columns; 1 without pivots. */
  readonly last: bigint;
  /** The sign of the permutation of the rows. */
  readonly sign: bigint;
}

/**
 * Overwrites integer rows by an echelon form. Rows above the pivots are eliminated as well when `isReduced`: then the
 * columns of the pivots hold `last` at the pivot and 0 elsewhere. Columns from `columns` on are carried along. Throws Unfinished
 * when a time limit is over.
 */
function echelon(rows: bigint[][], columns: number, isReduced: boolean): Echelon {
  const pivots: number[] = [];
  let last = 1n;
  let sign = 1n;
  for (let column = 0; column < columns && pivots.length < rows.length; column++) {
    const step = pivots.length;
    const found = shortest(rows, column, step);
    if (found < 0) continue;
    if (found !== step) {
      [rows[found], rows[step]] = [rows[step], rows[found]];
      sign = -sign;
    }
    const pivot = rows[step][column];
    const width = rows[step].length;
    for (let i = isReduced ? 0 : step + 1; i < rows.length; i++) {
      if (i === step) continue;
      demandTime('an exact elimination');
      const row = rows[i];
      const factor = row[column];
      // Above the pivots, earlier columns hold the last pivot on the diagonal and must be scaled along.
      for (let j = i < step ? 0 : column; j < width; j++) {
        const product = pivot * row[j];
        row[j] = (factor === 0n ? product : product - factor * rows[step][j]) / last;
      }
    }
    pivots.push(column);
    last = pivot;
  }
  return { rows, pivots, last, sign };
}

/** The row from `from` on whose entry in a column is least in modulus without being 0; -1 where all are 0. */
function shortest(rows: readonly (readonly bigint[])[], column: number, from: number): number {
  let best = -1;
  let least = 0n;
  for (let i = from; i < rows.length; i++) {
    const entry = rows[i][column];
    const size = entry < 0n ? -entry : entry;
    if (size !== 0n && (best < 0 || size < least)) [best, least] = [i, size];
  }
  return best;
}

/** The rank of a matrix of any shape. */
export function rank(matrix: RationalMatrix): number {
  const { rows } = cleared(matrix);
  return echelon(rows, rows[0]?.length ?? 0, false).pivots.length;
}

/** The determinant of a square matrix; 1 for order 0. Throws RangeError for other shapes. */
export function determinant(matrix: RationalMatrix): Rational {
  const order = squareOrder(matrix);
  const { rows, den } = cleared(matrix);
  const { pivots, last, sign } = echelon(rows, order, false);
  return pivots.length < order ? Rational.zero : Rational.of(sign * last, den ** BigInt(order));
}

/**
 * A solution X of A X = B, where B has as many rows as A; unknowns that nothing determines are 0. Null when there is none.
 * Throws RangeError when the numbers of rows differ.
 */
export function solve(a: RationalMatrix, b: RationalMatrix): RationalMatrix | null {
  if (a.length !== b.length) throw new RangeError(`${a.length} equations with ${b.length} right-hand sides`);
  const columns = a[0]?.length ?? 0;
  const { rows, pivots, last } = echelon(cleared(a.map((row, i) => [...row, ...b[i]])).rows, columns, true);
  if (rows.slice(pivots.length).some((row) => row.slice(columns).some((entry) => entry !== 0n))) return null;
  const places = placesOf(pivots, columns);
  return places.map((place) =>
    (b[0] ?? []).map((_, k) => (place === null ? Rational.zero : Rational.of(rows[place][columns + k], last))),
  );
}

/** The inverse of a square matrix, or null when it has none. Throws RangeError for other shapes. */
export function inverse(matrix: RationalMatrix): RationalMatrix | null {
  const order = squareOrder(matrix);
  const { rows, den } = cleared(matrix);
  const scale = (i: number) => Array.from({ length: order }, (_, j) => (i === j ? den : 0n));
  const reduced = echelon(
    rows.map((row, i) => [...row, ...scale(i)]),
    order,
    true,
  );
  if (reduced.pivots.length < order) return null;
  return reduced.rows.map((row) => row.slice(order).map((entry) => Rational.of(entry, reduced.last)));
}

/** A basis of all v with A v = 0, one vector per row; none when the columns are independent. */
export function kernel(matrix: RationalMatrix): RationalMatrix {
  const columns = matrix[0]?.length ?? 0;
  const { rows, pivots, last } = echelon(cleared(matrix).rows, columns, true);
  const places = placesOf(pivots, columns);
  return places.flatMap((place, free) =>
    place !== null
      ? []
      : [
          places.map((row, j) =>
            row !== null ? Rational.of(-rows[row][free], last) : j === free ? Rational.one : Rational.zero,
          ),
        ],
  );
}

/** A basis of the span of the rows out of these rows: the numbers of the rows that are independent of those before. */
export function independentRows(matrix: RationalMatrix): readonly number[] {
  const columns = cleared(transposed(matrix)).rows;
  return echelon(columns, matrix.length, false).pivots;
}

/** For each column the row of its pivot, null for columns without one. */
function placesOf(pivots: readonly number[], columns: number): (number | null)[] {
  const places = new Array<number | null>(columns).fill(null);
  for (const [row, column] of pivots.entries()) places[column] = row;
  return places;
}

function squareOrder(matrix: RationalMatrix): number {
  const odd = matrix.find((row) => row.length !== matrix.length);
  if (odd) throw new RangeError(`${matrix.length} rows of ${odd.length} entries; allowed: a square matrix`);
  return matrix.length;
}
