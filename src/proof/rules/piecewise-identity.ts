import { inputVariable, nodeExpressions } from '../../evaluate/expressions.js';
import { between } from '../../network/cut.js';
import type { Network } from '../../network/network.js';
import type { Rational } from '../../numbers/rational.js';
import { type Knot, knotsOf } from '../../symbolic/piecewise.js';
import { attempt, demand } from '../derivation.js';
import { mint, type Outcome } from '../fact.js';
import type { Rule } from '../step.js';
import { entriesOf, tensorNamed } from './tensors.js';

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
  return attempt({ rule: piecewiseIdentity, id, statement }, () => {
    const knots = pieceKnots(piece, stated[0].x, stated[stated.length - 1].x);
    const isSame = knots.length === stated.length && knots.every((knot, k) => sameKnot(knot, stated[k]));
    demand(isSame, `'${piece.to}' has the knots ${showKnots(knots)}, stated are ${showKnots(stated)}`);
    return mint({ rule: piecewiseIdentity, id, network: piece.network, domain: null, says: statement, found: null });
  });
}

/** The exact knots of a piece over [lo, hi]. Throws Mismatch where there are none. */
export function pieceKnots({ network, from, to }: Piece, lo: Rational, hi: Rational): readonly Knot[] {
  const [source, target] = [from, to].map((name) => tensorNamed(network, name));
  demand(entriesOf(source) === 1 && entriesOf(target) === 1, `'${from}' or '${to}' is not one number`);
  const part = between([source], [target]);
  demand(
    part.inputs.every(({ name }) => name === from),
    `'${to}' depends on more than '${from}'`,
  );
  const [formula] = nodeExpressions(part, part.outputs[0].node);
  const knots = knotsOf(formula, inputVariable(from, 0), lo, hi);
  demand(knots, `'${to}' is not piecewise linear in '${from}'`);
  return knots;
}

function sameKnot(a: Knot, b: Knot): boolean {
  return a.x.equals(b.x) && a.y.equals(b.y);
}

function showKnots(knots: readonly Knot[]): string {
  const shown = knots.slice(0, 8).map(({ x, y }) => `(${x}, ${y})`);
  return `${shown.join(' ')}${knots.length > 8 ? ' ...' : ''}`;
}
