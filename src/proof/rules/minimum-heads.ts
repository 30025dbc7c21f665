import { rowsByClass } from '../../evaluate/by-class.js';
import { formsBetween } from '../../evaluate/node-forms.js';
import { between } from '../../network/cut.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Rational } from '../../numbers/rational.js';
import { demand, found } from '../derivation.js';
import { indices, tensorNamed } from './tensors.js';

/** sum_t softmax_t(-beta (psi_t + rho_t)) psi_t, the gates rho_t >= 0 and the least of them 0. */
export interface MinimumHead {
  readonly beta: Rational;
  readonly gates: readonly Rational[];
}

/**
 * What entry i of a tensor seems to be as a soft minimum of column i of a matrix psi [T, D], for all i, by the logits of the
 * only softmax between the two: for a lemma that looks at the whole. Throws Mismatch where it is none.
 */
export function seemingMinima(network: Network, psi: string, to: string): readonly MinimumHead[] {
  const [source, target] = [psi, to].map((name) => tensorNamed(network, name));
  const [softmax, ...others] = between([source], [target]).nodes.filter(({ op }) => op === 'softmax');
  const logits = softmax && others.length === 0 ? network.find(softmax.inputs[0].name) : undefined;
  demand(source.shape.length === 2 && logits, `'${to}' is no softmax of '${psi}', a matrix, times that`);
  const [T, D] = sizes(source.shape);
  const grouped = rowsByClass(source, logits);
  const { forms, atoms } = grouped
    ? { forms: grouped.rows.flat(), atoms: grouped.classes.atoms }
    : found(formsBetween([source], logits));
  const kinds = grouped ? grouped.rows.length : T;
  demand(forms.length === kinds * D, `'${logits.name}' has not a logit for each entry of '${psi}'`);
  return indices(D).map((i) => {
    const own = indices(kinds).map((c) => forms[c * D + i]);
    const [symbol] = atoms.input(psi, i).terms.keys();
    const beta = T === 1 ? Rational.one : own[0].terms.get(symbol)?.neg();
    demand(beta && beta.sign() > 0, `the logits of column ${i} of '${psi}' do not fall in it`);
    const top = own.reduce((most, { constant }) => most.max(constant), own[0].constant);
    const gates = own.map(({ constant }) => (constant.equals(top) ? Rational.zero : top.sub(constant).div(beta)));
    return { beta, gates: grouped ? Array.from(grouped.classes.of, (c) => gates[c]) : gates };
  });
}
