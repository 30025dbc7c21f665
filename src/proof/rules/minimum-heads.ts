import { between } from '../../network/cut.js';
import type { Network } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { rowsByClass } from './by-class.js';
import { formsBetween } from './forms-between.js';

/** sum_t softmax_t(-beta (psi_t + rho_t)) psi_t, the gates rho_t >= 0 and the least of them 0. */
export interface MinimumHead {
  readonly beta: Rational;
  readonly gates: readonly Rational[];
}

/**
 * What entry i of a tensor seems to be as a soft minimum of column i of a matrix psi [T, D], for all i, by the logits of the
 * only softmax between the two: for a lemma that looks at the whole. A sentence that says why it is none, otherwise.
 */
export function seemingMinima(network: Network, psi: string, to: string): readonly MinimumHead[] | string {
  const [source, target] = [psi, to].map((name) => network.find(name));
  if (!source || !target) return `the network has no tensor named '${source ? to : psi}'`;
  const [softmax, ...others] = between([source], [target]).nodes.filter(({ op }) => op === 'softmax');
  const logits = softmax && others.length === 0 ? network.find(softmax.inputs[0].name) : undefined;
  const [T, D] = source.shape.map(({ size }) => size);
  if (source.shape.length !== 2 || !logits) return `'${to}' is no softmax of '${psi}', a matrix, times that`;
  const grouped = rowsByClass(source, logits);
  const found = grouped ? grouped.rows.flat() : formsBetween([source], logits);
  if (typeof found === 'string') return found;
  const forms = 'forms' in found ? found.forms : found;
  const atoms = 'atoms' in found ? found.atoms : grouped!.classes.atoms;
  const kinds = grouped ? grouped.rows.length : T;
  if (forms.length !== kinds * D) return `'${logits.name}' has not a logit for each entry of '${psi}'`;
  const heads: MinimumHead[] = [];
  for (let i = 0; i < D; i++) {
    const own = Array.from({ length: kinds }, (_, c) => forms[c * D + i]);
    const [symbol] = atoms.input(psi, i).terms.keys();
    const beta = T === 1 ? Rational.one : own[0].terms.get(symbol)?.neg();
    if (!beta || beta.sign() <= 0) return `the logits of column ${i} of '${psi}' do not fall in it`;
    const top = own.reduce((most, { constant }) => most.max(constant), own[0].constant);
    const gates = own.map(({ constant }) => (constant.equals(top) ? Rational.zero : top.sub(constant).div(beta)));
    heads.push({ beta, gates: grouped ? Array.from(grouped.classes.of, (c) => gates[c]) : gates });
  }
  return heads;
}
