import { type IntervalMatrix, product } from '../src/numbers/matrix.js';
import { median, type Row, show } from './row.js';

const ORDERS = [64, 256, 512];

/** Interval matrix products against the same loop on floats. */
export async function rows(): Promise<Row[]> {
  return ORDERS.flatMap((order) => {
    const [a, b] = [1, 2].map((seed) => matrix(order, seed, 1e-12));
    const points = [a, b].map(({ mid, ...rest }) => ({ ...rest, mid, rad: new Float64Array(mid.length) }));
    const runs = Math.ceil(2e8 / order ** 3);
    const plain = median(runs, () => floats(a, b));
    const row = (of: string, seconds: number): Row => {
      const value = `${show(1000 * seconds, 'ms')}, ${show(seconds / plain, 'times the floats')}`;
      return { name: `matrix product of order ${order}, of ${of}`, value, measured: { seconds } };
    };
    return [
      { name: `matrix product of order ${order}, of floats`, value: show(1000 * plain, 'ms') },
      row(
        'intervals',
        median(runs, () => product(a, b)),
      ),
      row(
        'points',
        median(runs, () => product(points[0], points[1])),
      ),
    ];
  });
}

function matrix(order: number, seed: number, radius: number): IntervalMatrix {
  const mid = Float64Array.from({ length: order * order }, (_, k) => Math.sin(seed + 7 * k));
  return { rows: order, columns: order, mid, rad: mid.map((x) => radius * Math.abs(x)) };
}

/** The loop of `product` without radii. */
function floats(a: IntervalMatrix, b: IntervalMatrix): Float64Array {
  const { rows, columns: inner } = a;
  const { columns } = b;
  const mid = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const m = mid.subarray(i * columns, (i + 1) * columns);
    for (let k = 0; k < inner; k++) {
      const x = a.mid[i * inner + k];
      const start = k * columns;
      for (let j = 0; j < columns; j++) m[j] += x * b.mid[start + j];
    }
  }
  return mid;
}
