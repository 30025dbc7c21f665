import type { Span } from '../../enclose/interpolation.js';
import { quadraticErrors, type Value } from '../../enclose/pieces.js';
import { nodeExpressions } from '../../evaluate/expressions.js';
import type { Network } from '../../network/network.js';
import { tokenWise } from '../../network/token-wise.js';
import { Rational } from '../../numbers/rational.js';
import { multiplied, type RationalMatrix, transposed } from '../../numbers/rational-matrix.js';
import * as E from '../../symbolic/index.js';
import { attempt, demand, found } from '../derivation.js';
import { mint, type Outcome } from '../fact.js';
import type { Rule } from '../step.js';
import { linearMap } from './linear-map.js';
import { tensorNamed } from './tensors.js';

/**
 * A bilinear form y' A x as a sum of squares that a net computes one by one: sum_c kappa_c h_c(x, y)^2.
 *
 * The halves h_c are read off the weights as linear forms of the pair (x, y). If the polynomial sum_c kappa_c h_c^2 is
 * y' A x, coefficient by coefficient, then a net with the value S(h) is off by S(h) - sum_c kappa_c h_c^2, a sum of
 * piecewise linear functions of one half each less its square, whose range over the box that holds them is exact.
 */
export const squareSum: Rule = {
  id: 'square-sum',
  tex: 'y^\\top A x = \\sum_c \\kappa_c h_c(x, y)^2',
};

/** What is computed from a tensor [T, 2d] of pairs (x, y), entries within [-r, r], by the tensors of these names. */
export interface SquareNet {
  readonly pair: string;
  readonly halves: string;
  readonly scores: string;
  readonly A: RationalMatrix;
  readonly r: Rational;
  /** The factors of the squares. */
  readonly kappa: readonly Rational[];
}

/** A range that contains score - y' A x for all pairs. */
export function proveSquareSum(network: Network, { pair, halves, scores, A, r, kappa }: SquareNet): Outcome<Span> {
  const says = `'${scores}' - y' A x for tokens within [-${r}, ${r}]`;
  return attempt({ rule: squareSum, id: scores, statement: says }, () => {
    const [source, middle, target] = [pair, halves, scores].map((name) => tensorNamed(network, name));
    const h = transposed(linearMap(source, middle));
    demand(h.length === kappa.length && isBilinear(h, kappa, A), "the squares do not add up to y' A x");
    const slice = found(tokenWise(middle, target));
    const names = h.map((_, c) => `h${c + 1}`);
    const [net, ...others] = nodeExpressions(slice, slice.outputs[0].node, (_, index) => names[index]);
    demand(others.length === 0, `'${scores}' has ${others.length + 1} entries per token`);
    const isSeparable = termsOf(net).every(({ of }) => E.variablesOf(of).size === 1);
    demand(isSeparable, `'${scores}' mixes the halves`);
    let [lo, hi] = [constantOf(net), constantOf(net)];
    for (const [c, row] of h.entries()) {
      const size = row.reduce((total, entry) => total.add(entry.abs()), Rational.zero).mul(r);
      const range = squareRange(partOf(net, names[c]), names[c], kappa[c], size);
      demand(range, `'${scores}' is not piecewise linear in the halves`);
      [lo, hi] = [lo.add(range.lo), hi.add(range.hi)];
    }
    const error = { lo, hi };
    return mint({ rule: squareSum, id: scores, network, domain: null, says, enclosure: error, found: error });
  });
}

function termsOf(e: E.Expression): readonly E.Term[] {
  return e.kind === 'sum' ? e.terms : e.kind === 'constant' ? [] : [{ coefficient: Rational.one, of: e }];
}

function constantOf(e: E.Expression): Rational {
  return e.kind === 'sum' ? e.constant : e.kind === 'constant' ? e.value : Rational.zero;
}

/** The summands in one variable. */
function partOf(e: E.Expression, variable: string): E.Expression {
  return E.combination(
    Rational.zero,
    termsOf(e).filter(({ of }) => E.variablesOf(of).has(variable)),
  );
}

/** The exact range of p(z) - kappa z^2 over [-size, size], p piecewise linear. */
function squareRange(p: E.Expression, variable: string, kappa: Rational, size: Rational): Span | null {
  const knots = size.isZero() ? undefined : E.knotsOf(p, variable, size.neg(), size);
  return knots ? squareErrors(knots, kappa) : null;
}

/** The exact range of a piecewise linear function less kappa z^2, and for each end the place next to 0 where it is taken. */
export function squareErrors(knots: readonly E.Knot[], kappa: Rational): Span & { readonly at: readonly Value[] } {
  const square = { variables: ['z'], terms: [{ coefficient: kappa, exponents: [2] }], degree: 2 };
  const values = quadraticErrors(knots, square).sort((a, b) => a.point.abs().compare(b.point.abs()));
  const [least, most] = [values, values].map((all, k) =>
    all.reduce((best, one) => ((k === 0 ? one.value.lt(best.value) : best.value.lt(one.value)) ? one : best)),
  );
  return { lo: least.value, hi: most.value, at: [least, most] };
}

/** Whether sum_c kappa_c h_c^2 = y' A x for all (x, y): the coefficient of x_j y_k is A_kj, all others vanish. */
function isBilinear(h: readonly (readonly Rational[])[], kappa: readonly Rational[], A: SquareNet['A']): boolean {
  const d = A.length;
  const half = Rational.of(1, 2);
  const scaled = h.map((row, c) => row.map((entry) => entry.mul(kappa[c])));
  return multiplied(transposed(h), scaled).every((row, p) =>
    row.every((found, q) => {
      const [x, y] = p < q ? [p, q - d] : [q, p - d];
      return found.equals(x < d && y >= 0 ? A[y][x].mul(half) : Rational.zero);
    }),
  );
}
