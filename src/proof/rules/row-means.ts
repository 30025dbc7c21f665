import { between } from '../../network/cut.js';
import type { Network, Node } from '../../network/network.js';
import { isOverRows } from '../../network/token-wise.js';
import type { Rational } from '../../numbers/rational.js';
import type { Rule } from '../step.js';
import { type Application, givenOf } from './lemma-application.js';

/**
 * A lemma of the book about a mean over tokens, for a checker that looks at one token of each kind. With psi [T, ...] whose row
 * t is one function of row t of the input, a lemma about y = sum_t softmax_s(z_s)[t] psi_t against the least of the psi_t, and
 * psi - f between two numbers, it bounds y against the least of the f.
 */
export const rowMeans: Rule = { id: 'row-means', tex: '|\\min_t \\psi_t - \\min_t f_t| \\le \\max_t |\\psi_t - f_t|' };

/** The softmax over the rows and the sum over them on the way from psi to a mean. */
export interface MeanNodes {
  readonly psi: Node;
  readonly node: Node;
  readonly weights: Node;
  readonly sum: Node;
}

/** These tensors, where there is one of each; otherwise null. */
export function meanNodes(network: Network, psi: Node | undefined, node: Node | undefined): MeanNodes | null {
  if (!psi || !node || psi.shape[0].size === 1) return null;
  const nodes = between([psi], [node]).nodes.flatMap(({ name }) => network.find(name) ?? []);
  const [weights, ...others] = nodes.filter((one) => one.op === 'softmax' && isOverRows(one, 'softmax'));
  const [sum, ...more] = nodes.filter((one) => one.op === 'reduceSum' && isOverRows(one, 'reduceSum'));
  return weights && sum && others.length + more.length === 0 ? { psi, node, weights, sum } : null;
}

/** What the lemma is applied with; a target is a text in which t stands for the token. */
interface Applied extends Pick<Application, 'sets' | 'numbers' | 'inputs'> {
  readonly lemma: string;
  readonly functions?: Application['functions'];
  readonly column: number;
  readonly range?: readonly [Rational, Rational];
  readonly conclusion?: number;
  readonly target?: string;
  readonly error?: readonly [Rational, Rational];
}

export function meanEvidence(network: Network, { psi, node, weights, sum }: MeanNodes, applied: Applied) {
  const { lemma, functions = {}, inputs, column, conclusion, target } = applied;
  const places = { of: network.inputs[0], values: psi, weights, sum, node };
  return {
    ...{ lemma, with: givenOf(network, { ...applied, functions }), domain: inputs },
    ...Object.fromEntries(Object.entries(places).map(([name, one]) => [name, network.nodes.indexOf(one)])),
    ...{ column, entry: column, range: applied.range?.map(String), conclusion },
    ...{ target, error: applied.error?.map(String) },
  };
}
