import { borrow, spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandEach } from '../failure.js';
import { coefficients, type Form, isConstant } from '../forms.js';
import { costOfProduct, Fraction } from '../fraction.js';
import { headOf } from '../head.js';
import { fraction, onlyInput, record } from '../network.js';
import type { Session } from '../session.js';
import { decayed } from './soft-head.js';

type Matrix = readonly (readonly Fraction[])[];

/**
 * Data: an `output` y of m scores, the heads `before` and `answer`, and a `margin` or a bound `absent`. The input is a row of zeros, token 0, and n
 * unit vectors of m symbols. Head `before`, of constant logits, leaves at most eta = n e^-gap of token i's mass off token i - 1
 * (off token n for i = 0), so a linear function of its value differs from that of the symbol there by at most eta times its range
 * over all symbols and 0. Head `answer` has for the last symbol a the logits <M_a, before_j> + bias_a(j). Tokens after an a,
 * and token 0, are above the rest by the least <M_a, V_a - V_s>, <M_a, V_a> less the range of the bias, and the latest one above
 * the others by the least step of the bias, both less twice that noise: at least D, so at most mu = n e^-D of the mass goes
 * astray. Where the symbol b follows the latest earlier a, with the scores S_c that the symbol c alone would give,
 *   y_b - y_r >= (1 - mu) min (S_bb - S_br) - mu max |S_cb - S_cr|.
 * Where there is no earlier a, token 0 is above all others, whose value is 0: |y_r| <= mu max |S_cr|.
 */
export const inductionHead: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'before', 'answer', 'margin', 'absent']);
  const [before, answer] = [session.node(fields.before), session.node(fields.answer)];
  const { network } = session;
  const x = onlyInput(network);
  demand(network.nodes[x].shape.length === 2, 'the input is no matrix');
  const [N, m] = network.nodes[x].shape;
  const n = N - 1;
  const [first, second] = [headOf(network, before), headOf(network, answer)];
  const rows = [first.query, first.key, second.key].map((k) => network.nodes[k].shape[0]);
  demand(
    `${[...rows, network.nodes[second.query].shape[0]]}` === `${[N, N, N, 1]}`,
    'the heads are not over all tokens',
  );
  demand(n > 1 && m > 1, 'there are too few tokens or symbols');

  const gap = leastGap(constants(session, first.query), constants(session, first.key), (i) => (i + n) % N);
  const V = codes(session, x, first.value);
  const U = codes(session, x, second.value);
  const Q = queries(session, x, second.query);
  const { K, shift } = keys(session, { x, before, key: second.key });
  const match = product(product(Q, transposed(K)), transposed(V));
  const bias = product(Q, transposed(shift));
  const eta = decayed(n, gap);
  const distances = match.map((row, a) => {
    const noise = eta.mul(range([...row, Fraction.zero]));
    const apart = least([...row.filter((_, s) => s !== a), Fraction.zero].map((other) => row[a].sub(other)));
    const step = least(bias[a].slice(1).map((value, j) => value.sub(bias[a][j])));
    return step
      .min(apart.sub(range(bias[a])))
      .sub(noise)
      .sub(noise);
  });
  const D = least(distances);
  demand(D.n > 0n, 'the logits of the right token are not above the others');
  const mu = decayed(n, D);
  const scores = product(U, readout(session, answer, session.output(fields.output)));
  demand(scores[0].length === m, `there are not ${m} scores`);
  const { output } = fields;
  const given = `${network.nodes[x].name} being a row of zeros and below it their unit vectors`;
  const sequences = (which: string) =>
    `for all sequences of ${n} out of ${m} symbols whose last one ${which}, ${given}: `;
  if (fields.margin === undefined) {
    const bound = fraction(fields.absent, 'the bound');
    const largest = scores.flat().reduce((most, entry) => most.max(entry.abs()), Fraction.zero);
    demand(mu.mul(largest).le(bound), `a bound of ${bound} is not shown`);
    return closed(
      { kind: 'continuation', output, absent: fields.absent },
      `${sequences('does not occur before')}no entry of ${output} exceeds ${bound} in absolute value`,
    );
  }
  const separation = least(scores.flatMap((row, a) => row.flatMap((entry, r) => (r === a ? [] : [row[a].sub(entry)]))));
  const widest = scores.map(range).reduce((a, b) => a.max(b));
  const rest = Fraction.one.sub(mu);
  const margin = fraction(fields.margin, 'the margin');
  const isShown = rest.n >= 0n && separation.n >= 0n && margin.le(rest.mul(separation).sub(mu.mul(widest)));
  demand(isShown, `a margin of ${margin} is not shown`);
  return closed(
    { kind: 'continuation', output, margin: fields.margin },
    `${sequences('occurs before')}${output} at the symbol that follows the latest earlier occurrence of the last one ` +
      `exceeds ${output} at all others by at least ${margin}`,
  );
};

/** The least by which logit place(i) of row i is above the others of its row. */
function leastGap(queries: Matrix, keys: Matrix, place: (i: number) => number): Fraction {
  const [q, k] = [integers(queries), integers(keys)];
  spend(2 * queries.length * keys.length * (1 + queries[0].length) * costOfProduct(q.bits, k.bits));
  let gap: bigint | null = null;
  for (const [i, row] of q.rows.entries()) {
    const logit = (j: number) => row.reduce((sum, entry, c) => sum + entry * k.rows[j][c], 0n);
    const right = logit(place(i));
    for (let j = 0; j < k.rows.length; j++) {
      if (j === place(i)) continue;
      const difference = right - logit(j);
      if (gap === null || difference < gap) gap = difference;
    }
  }
  return Fraction.of(gap ?? 0n, q.scale * k.scale);
}

/** The matrix times the least number that makes its entries integers. */
function integers(matrix: Matrix) {
  const entries = matrix.flat();
  const scale = entries.reduce((d, entry) => d * Fraction.of(entry.d, d).n, 1n);
  const bits = entries.reduce((most, entry) => Math.max(most, entry.bits), 0) + Fraction.of(scale).bits;
  spend(2 * entries.length * costOfProduct(bits, bits));
  borrow(entries.length * (64 + bits / 8));
  return { rows: matrix.map((row) => row.map(({ n, d }) => n * (scale / d))), scale, bits };
}

/** The rows of a node's forms. */
function rowsOf(session: Session, node: number, forms: readonly Form[]): Form[][] {
  const [height, width] = session.network.nodes[node].shape;
  return Array.from({ length: height }, (_, j) => forms.slice(j * width, (j + 1) * width));
}

function constants(session: Session, node: number): Matrix {
  return rowsOf(session, node, session.entries(node)).map((row) =>
    row.map((form) => {
      demand(isConstant(form), `node ${node} depends on the input`);
      return form.constant;
    }),
  );
}

/** Row s is the value of a token with the symbol s; token 0 has the value 0. */
function codes(session: Session, x: number, node: number): Matrix {
  const inputs = rowsOf(session, x, session.entries(x));
  const rows = rowsOf(session, node, session.entries(node)).map((row, j) =>
    row.map((form) => {
      demand(form.constant.isZero, `node ${node} is not linear in the input`);
      return coefficients(form, inputs[j]);
    }),
  );
  return transposed(common(rows, node));
}

/** The matrix that all rows share. */
function common(rows: readonly Matrix[], node: number): Matrix {
  const same = (a: Matrix) => a.every((row, k) => row.every((entry, s) => entry.equals(rows[0][k][s])));
  demand(rows.every(same), `node ${node} treats tokens in different ways`);
  return rows[0];
}

/** Row a is the query where the last symbol is a. */
function queries(session: Session, x: number, node: number): Matrix {
  const last = rowsOf(session, x, session.entries(x)).at(-1)!;
  const forms = session.entries(node).map((form) => coefficients(form, last).map((entry) => entry.add(form.constant)));
  return transposed(forms);
}

/** Key j is the value of `before` at j times K, and shift_j. */
function keys(session: Session, { x, before, key }: { x: number; before: number; key: number }) {
  const { forms, symbol } = session.between([x, before], key);
  const [, width] = session.network.nodes[before].shape;
  const rows = rowsOf(session, key, forms);
  const parts = rows.map((row, j) => {
    const symbols = Array.from({ length: width }, (_, k) => symbol(before, j * width + k));
    return row.map((form) => coefficients(form, symbols));
  });
  return { K: transposed(common(parts, key)), shift: rows.map((row) => row.map(({ constant }) => constant)) };
}

/** Column r are the coefficients of score r in the entries of `answer`. */
function readout(session: Session, answer: number, output: number): Matrix {
  const { forms, symbol } = session.between([answer], output);
  const symbols = Array.from({ length: session.network.nodes[answer].shape[1] }, (_, k) => symbol(answer, k));
  demandEach(forms, ({ constant }) => constant.isZero, 'a score is not linear in the answer');
  return transposed(forms.map((form) => coefficients(form, symbols)));
}

function product(a: Matrix, b: Matrix): Fraction[][] {
  spend(4 * a.length * b.length * b[0].length);
  return a.map((row) => b[0].map((_, j) => row.reduce((sum, entry, k) => sum.add(entry.mul(b[k][j])), Fraction.zero)));
}

function transposed(a: Matrix): Fraction[][] {
  return a[0].map((_, j) => a.map((row) => row[j]));
}

function least(values: readonly Fraction[]): Fraction {
  return values.reduce((a, b) => a.min(b));
}

function range(values: readonly Fraction[]): Fraction {
  return values.reduce((a, b) => a.max(b)).sub(least(values));
}
