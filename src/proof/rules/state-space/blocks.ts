import type { Network, Node } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { REAL_OUTPUT, type StateSpace } from '../../../network/state-space.js';
import type { ExactTensor } from '../../../network/tensor.js';
import { Gaussian } from '../../../numbers/gaussian.js';
import { Rational } from '../../../numbers/rational.js';
import { attempt, demand, ifThere } from '../../derivation.js';
import { certified, mint, type Outcome } from '../../fact.js';
import type { Rule } from '../../step.js';
import { point } from '../../verdict.js';
import { firstValues, modesOf, responseSentence } from './transfer-identity.js';

/**
 * The network is y_b = z_b W with z_b = A z_{b-1} + B u_b on blocks u_b of K inputs. Let lam_i, alpha_i be the modes of
 * the target and N their number. It has the target's response for every input of its length when
 *   B = [0; I], the last K rows of A vanish, A_ii = lam_i A_{i,N} and 0 beside it among the first N columns,
 *   A_{i,N+K-1} = 1, A_{i,N+j-1} = lam_i A_{i,N+j}, W_{i,0} = alpha_i lam_i, W_{i,t+1} = lam_i W_{i,t},
 *   W_{N+j,t} = rho(t-j), with rho(t) = 0 for t < 0:
 * these make the first N entries of z_b the states sum_s lam_i^(bK-1-s) x(s) of the one-layer model.
 */
export const blockedRecurrence: Rule = {
  id: 'transfer-identity',
  tex: 'y(t) = \\sum_{s \\le t} \\sum_i \\alpha_i \\lambda_i^s\\, x(t-s)',
};

/** The length of the inputs of a network in blocks; undefined for other networks. */
export function blockedLength(network: Network): number | undefined {
  const read = ifThere(() => readBlocks(network));
  return read ? read.blocks * read.K : undefined;
}

/** Applies the rule: the response is the target's for all inputs of the network's length. */
export function proveBlockedResponse(network: Network, target: StateSpace): Outcome<string> {
  return attempt({ rule: blockedRecurrence, id: 'blocks', statement: 'a recurrence on blocks' }, () => {
    const read = readBlocks(network);
    const length = read.blocks * read.K;
    const wrong = firstWrongEntry(read, target);
    demand(wrong === null, `${wrong}`);
    const modes = modesOf(target);
    return mint({
      ...{ rule: blockedRecurrence, id: 'blocks', network, domain: null, enclosure: point(Rational.zero) },
      says: responseSentence(target, length),
      found: `${read.blocks} blocks of ${read.K} steps`,
      ...(modes && certified(() => ({ kind: 'response', modes, length }))),
    });
  });
}

interface Blocks {
  readonly A: ExactTensor;
  readonly B: ExactTensor;
  readonly W: ExactTensor;
  readonly K: number;
  readonly blocks: number;
}

function readBlocks(network: Network): Blocks {
  const [output] = network.outputs;
  const argument = (node: Node | undefined, op: string, k = 0) => (node?.op === op ? node.inputs[k] : undefined);
  const product = argument(output.node, 'reshape');
  const state = argument(product, 'matmul');
  const u = argument(state, 'recurrence');
  const x = argument(u, 'reshape');
  const [A, B, W] = [
    argument(state, 'recurrence', 1),
    argument(state, 'recurrence', 2),
    argument(product, 'matmul', 1),
  ].map((node) => (node?.op === 'constant' ? (node as Node<'constant'>).attributes.value : undefined));
  const isPlain = x?.op === 'input' && x.shape.length === 1 && output.node.shape.length === 1;
  const isOnly = network.outputs.length === 1 && output.name === REAL_OUTPUT;
  demand(isOnly && isPlain && A && B && W && u, NO_BLOCKS);
  const [blocks, K] = sizes(u.shape);
  return { A, B, W, K, blocks };
}

const NO_BLOCKS = 'the network is not a recurrence on blocks of one input with a product after it';

/** What differs from the stated entries, or null. */
function firstWrongEntry({ A, B, W, K }: Blocks, { layers, C }: StateSpace): string | null {
  const [{ poles, B: drive }] = layers;
  const N = poles.length;
  const width = N + K;
  const shapes = [A, B, W].map(({ shape }) => shape.join(',')).join(' ; ');
  if (shapes !== `${width},${width} ; ${width},${K} ; ${width},${K}`) return `the shapes of A, B, W are ${shapes}`;
  const [a, b, w] = [A, B, W].map((tensor) => tensor.dense(Rational.zero));
  const residues = new Map(C.map(([i, c]) => [i, c.mul(drive[i][0]?.[1] ?? Gaussian.zero)]));
  const rho = firstValues({ layers, C }, K);
  const isReal = [...poles, ...residues.values()].every(({ im }) => im.isZero());
  if (!isReal) return 'the target is not real';
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < K; j++) {
      const identity = i === N + j ? Rational.one : Rational.zero;
      if (!b[i * K + j].equals(identity)) return `B[${i}, ${j}]`;
    }
    for (let j = 0; j < (i < N ? N : width); j++)
      if (i !== j || i >= N) if (!a[i * width + j].isZero()) return `A[${i}, ${j}]`;
  }
  for (const [i, { re: pole }] of poles.entries()) {
    const row = (j: number) => a[i * width + N + j];
    if (!row(K - 1).equals(Rational.one)) return `A[${i}, ${width - 1}]`;
    for (let j = K - 1; j > 0; j--) if (!isProduct(row(j - 1), pole, row(j))) return `A[${i}, ${N + j - 1}]`;
    if (!isProduct(a[i * width + i], pole, row(0))) return `A[${i}, ${i}]`;
    const alpha = residues.get(i)?.re ?? Rational.zero;
    if (!isProduct(w[i * K], pole, alpha)) return `W[${i}, 0]`;
    for (let t = 0; t + 1 < K; t++) if (!isProduct(w[i * K + t + 1], pole, w[i * K + t])) return `W[${i}, ${t + 1}]`;
  }
  for (let j = 0; j < K; j++) {
    for (let t = 0; t < K; t++) {
      const expected = t < j ? Rational.zero : rho[t - j].re;
      if (!w[(N + j) * K + t].equals(expected)) return `W[${N + j}, ${t}]`;
    }
  }
  return null;
}

/** p = q r, without reducing the product of the two. */
function isProduct(p: Rational, q: Rational, r: Rational): boolean {
  return p.num * (q.den * r.den) === q.num * r.num * p.den;
}
