import { Atoms } from '../../evaluate/affine.js';
import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import type { Rational } from '../../numbers/rational.js';
import { demand } from '../derivation.js';
import { readAlikeQueries } from './alike-queries.js';
import { type Attention, attentionOf, productsWith, rowForms } from './attention.js';

/** sum_s softmax_s(beta x_s - beta rho_{t,s}) x_s for query t, rho = 0 but for the own entry, where it is `gate`. */
export interface MaximumHead {
  readonly beta: Rational;
  readonly gate: Rational;
}

/**
 * What a node seems to be as soft maxima of a column x [T, 1], by the first logits of its first query: for a lemma that looks
 * at all of them. Throws Mismatch where it is none.
 */
export function seemingMaximum(column: Node, node: Node): MaximumHead {
  const { slope, own } = readAlikeQueries(column, node) ?? firstLogits(column, attentionOf(node));
  demand(slope.sign() > 0, `the logits of '${node.name}' do not grow with the entries of '${column.name}'`);
  return { beta: slope, gate: own.neg().div(slope) };
}

function firstLogits(column: Node, { query, key }: Attention) {
  const atoms = new Atoms();
  const [queries, keys] = [query, key].map((part) => rowForms(part, [column], atoms));
  const [itself, other = itself] = keys.slice(0, 2).map(productsWith(queries[0]));
  const [symbol] = atoms.input(column.name, 0).terms.keys();
  const slope = itself?.terms.get(symbol);
  const areColumn = keys.length === sizes(column.shape)[0];
  demand(
    areColumn && itself && other && slope,
    `the logits of '${column.name}' are no linear functions of its entries`,
  );
  return { slope, own: itself.constant.sub(other.constant) };
}
