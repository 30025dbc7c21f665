import { inputVariable, nodeExpressions } from '../../evaluate/expressions.js';
import { between } from '../../network/cut.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import type { Rational } from '../../numbers/rational.js';
import { type Knot, knotsOf } from '../../symbolic/piecewise.js';
import { mint, type Outcome, open } from '../fact.js';
import type { Rule } from '../step.js';

/**
 * One number of the network is a stated piecewise linear function of an earlier one, on an interval.
 *
 * The part of the network between the two, the earlier one taken as an input, is written as a formula and its knots are
 * computed exactly. Two piecewise linear functions with the same knots are equal, whatever units they are made of.
 */
export const piecewiseIdentity: Rule = {
  id: 'piecewise-identity',
  tex: '\\forall z \\in [a, b]:\\; v(z) = \\text{the linear interpolant of } (z_j, v_j)',
};

/** The part of a network from one named tensor to another, each a single number. */
export interface Piece {
  readonly network: Network;
  readonly from: string;
  readonly to: string;
}

/** Applies the rule to `piece`; the stated function is linear between its knots, on [first knot, last knot]. */
export function provePiecewiseIdentity(
  piece: Piece,
  stated: readonly Knot[],
  id: string,
  statement: string,
): Outcome<null> {
  const found = pieceKnots(piece, stated[0].x, stated[stated.length - 1].x);
  if (typeof found === 'string') return open(piecewiseIdentity, id, statement, found);
  const isSame = found.length === stated.length && found.every((knot, k) => sameKnot(knot, stated[k]));
  if (isSame)
    return mint({ rule: piecewiseIdentity, id, network: piece.network, domain: null, says: statement, found: null });
  const difference = `'${piece.to}' has the knots ${showKnots(found)}, stated are ${showKnots(stated)}`;
  return open(piecewiseIdentity, id, statement, difference);
}

/** The exact knots of a piece over [lo, hi]; a sentence that says why there are none, otherwise. */
export function pieceKnots({ network, from, to }: Piece, lo: Rational, hi: Rational): readonly Knot[] | string {
  const [source, target] = [network.find(from), network.find(to)];
  if (!source || !target) return `the network has no tensor named '${source ? to : from}'`;
  if ([source, target].some((node) => sizeOf(sizes(node.shape)) !== 1)) return `'${from}' or '${to}' is not one number`;
  const part = between([source], [target]);
  if (part.inputs.some(({ name }) => name !== from)) return `'${to}' depends on more than '${from}'`;
  const [formula] = nodeExpressions(part, part.outputs[0].node);
  const knots = knotsOf(formula, inputVariable(from, 0), lo, hi);
  return knots ?? `'${to}' is not piecewise linear in '${from}'`;
}

function sameKnot(a: Knot, b: Knot): boolean {
  return a.x.equals(b.x) && a.y.equals(b.y);
}

function showKnots(knots: readonly Knot[]): string {
  const shown = knots.slice(0, 8).map(({ x, y }) => `(${x}, ${y})`);
  return `${shown.join(' ')}${knots.length > 8 ? ' ...' : ''}`;
}
