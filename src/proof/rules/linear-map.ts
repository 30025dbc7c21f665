import { Atoms } from '../../evaluate/affine.js';
import { symbolicValue } from '../../evaluate/node-forms.js';
import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { tokenWise } from '../../network/token-wise.js';
import { Rational } from '../../numbers/rational.js';
import { demand, found } from '../derivation.js';
import { indices } from './tensors.js';

/**
 * W with to_t = from_t W for every row t of two matrices, read off one row's slice. Throws Mismatch where the layer is not
 * linear or not the same for all rows.
 */
export function linearMap(from: Node, to: Node): Rational[][] {
  const slice = found(tokenWise(from, to));
  const atoms = new Atoms();
  const symbols = indices(sizes(from.shape)[1]).map((k) => [...atoms.input(from.name, k).terms.keys()][0]);
  const forms = symbolicValue(slice, slice.outputs[0].node, atoms);
  const isLinear = forms.every(
    ({ constant, terms }) => constant.isZero() && [...terms.keys()].every((atom) => symbols.includes(atom)),
  );
  demand(isLinear, `'${to.name}' is not linear in the rows of '${from.name}'`);
  return symbols.map((symbol) => forms.map(({ terms }) => terms.get(symbol) ?? Rational.zero));
}
