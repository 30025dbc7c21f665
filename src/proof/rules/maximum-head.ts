import { Atoms } from '../../evaluate/affine.js';
import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Rational } from '../../numbers/rational.js';
import { readAlikeQueries } from './alike-queries.js';
import { attentionOf, productsWith, rowForms } from './attention.js';

/** sum_s softmax_s(beta x_s - beta rho_{t,s}) x_s for query t, rho = 0 but for the own entry, where it is `gate`. */
export interface MaximumHead {
  readonly beta: Rational;
  readonly gate: Rational;
}

/**
 * What a node seems to be as soft maxima of a column x [T, 1], by the first logits of its first query: for a lemma that looks
 * at all of them. A sentence that says why it is none, otherwise.
 */
export function seemingMaximum(column: Node, node: Node): MaximumHead | string {
  const alike = readAlikeQueries(column, node);
  const attention = attentionOf(node);
  if (typeof attention === 'string') return attention;
  const { slope, own } = alike ?? firstLogits(column, attention) ?? { slope: Rational.zero, own: Rational.zero };
  if (slope.sign() <= 0) return `the logits of '${node.name}' do not grow with the entries of '${column.name}'`;
  return { beta: slope, gate: own.neg().div(slope) };
}

function firstLogits(column: Node, { query, key }: Exclude<ReturnType<typeof attentionOf>, string>) {
  const atoms = new Atoms();
  const [queries, keys] = [query, key].map((part) => rowForms(part, [column], atoms));
  if (!queries || !keys || keys.length !== sizes(column.shape)[0]) return null;
  const [itself, other = itself] = keys.slice(0, 2).map(productsWith(queries[0]));
  const [symbol] = atoms.input(column.name, 0).terms.keys();
  const slope = itself?.terms.get(symbol);
  return itself && other && slope ? { slope, own: itself.constant.sub(other.constant) } : null;
}
