/**
 * Linear state-space models as networks: a chain of recurrences h_k(t) = A_k h_k(t-1) + B_k h_{k-1}(t) from h = 0 with
 * h_0 = x, and y(t) = C h_l(t).
 *
 * A model whose numbers are all real is stored as it is, A_k diagonal. Otherwise every complex number a + b i becomes
 * the real block [[a, -b], [b, a]], which adds and multiplies as a + b i does, and a state its real and imaginary part;
 * the input is real, so B_1 has one column (a, b) per state. The row (c, -d) of C = c + d i reads the real part of C h,
 * the row (d, c) its imaginary part. Where the impulse response is real the real part is all of y.
 */
import {
  Builder,
  Gaussian,
  IMAGINARY_OUTPUT,
  type Network,
  type Node,
  type Rational,
  REAL_OUTPUT,
  type SparseRow,
  type StateSpace,
  sparse,
} from '../src/index.js';

/** The network of a model for `length` time steps: input x [time], output y [time] and, if asked for, y_imag [time]. */
export function stateSpaceNetwork(model: StateSpace, length: number, withImaginary: boolean): Network {
  const isReal = [
    model.C,
    ...model.layers.flatMap(({ poles, B }) => [...B, poles.map((pole, j) => [j, pole] as const)]),
  ]
    .flat()
    .every(([, entry]) => entry.im.isZero());
  const lift = isReal ? asReal : asBlocks;
  const b = new Builder();
  const x = b.input('x', { time: length });
  let h: Node = b.reshape(x, { time: length, channel: 1 }, 'h_0');
  model.layers.forEach(({ poles, B }, index) => {
    const k = index + 1;
    const diagonal = poles.map((pole, j): SparseRow<Gaussian> => (pole.isZero() ? [] : [[j, pole]]));
    const A_k = matrix(b, `A_${k}`, lift(diagonal));
    const B_k = matrix(b, `B_${k}`, k === 1 && !isReal ? asColumns(B) : lift(B), h.shape[1].size);
    h = b.recurrence(h, A_k, B_k, `h_${k}`);
  });
  const width = h.shape[1].size;
  const readout = (name: string, weight: string, entries: readonly (readonly [number, Rational])[]): Node => {
    const C = b.constant(sparse([width, 1], nonzero(entries)), weight, 'weight');
    return b.reshape(b.matmul(h, C, `${name}.column`), { time: length }, name);
  };
  const real = isReal
    ? model.C.map(([j, c]) => [j, c.re] as const)
    : model.C.flatMap(([j, c]) => [[2 * j, c.re] as const, [2 * j + 1, c.im.neg()] as const]);
  const imaginary = model.C.flatMap(([j, c]) => [[2 * j, c.im] as const, [2 * j + 1, c.re] as const]);
  const y = readout(REAL_OUTPUT, 'C', real);
  return b.network(
    withImaginary && !isReal
      ? { [REAL_OUTPUT]: y, [IMAGINARY_OUTPUT]: readout(IMAGINARY_OUTPUT, 'C_imag', imaginary) }
      : { [REAL_OUTPUT]: y },
  );
}

/** Whether sum alpha lam^t is real for all t: the residues of conjugate poles, added up, are conjugate. */
export function hasRealResponse(modes: readonly { readonly pole: Gaussian; readonly residue: Gaussian }[]): boolean {
  const residues = new Map<string, Gaussian>();
  for (const { pole, residue } of modes) {
    const key = pole.toString();
    residues.set(key, residues.get(key)?.add(residue) ?? residue);
  }
  return modes.every(({ pole }) => {
    const partner = residues.get(pole.conjugate().toString());
    return (partner ?? Gaussian.zero).equals(residues.get(pole.toString())!.conjugate());
  });
}

type RealRows = readonly SparseRow<Rational>[];

function asReal(rows: readonly SparseRow<Gaussian>[]): RealRows {
  return rows.map((row) => row.map(([j, entry]) => [j, entry.re] as const));
}

function asBlocks(rows: readonly SparseRow<Gaussian>[]): RealRows {
  return rows.flatMap((row) => [
    row.flatMap(([j, { re, im }]) => [[2 * j, re] as const, [2 * j + 1, im.neg()] as const]),
    row.flatMap(([j, { re, im }]) => [[2 * j, im] as const, [2 * j + 1, re] as const]),
  ]);
}

function asColumns(rows: readonly SparseRow<Gaussian>[]): RealRows {
  return rows.flatMap((row) => [
    row.map(([j, { re }]) => [j, re] as const),
    row.map(([j, { im }]) => [j, im] as const),
  ]);
}

function matrix(b: Builder, name: string, rows: RealRows, width = rows.length): Node {
  const pairs = rows.flatMap((row, i) => nonzero(row).map(([j, entry]) => [i * width + j, entry] as const));
  return b.constant(sparse([rows.length, width], pairs), name, 'weight');
}

function nonzero(entries: readonly (readonly [number, Rational])[]): (readonly [number, Rational])[] {
  return entries.filter(([, entry]) => !entry.isZero()).sort(([i], [j]) => i - j);
}
