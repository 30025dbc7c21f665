/** The claim that a network in blocks of K steps has the target's impulse response. */
import {
  type Claim,
  type ExactTensor,
  Gaussian,
  impulseResponse,
  type Network,
  type Node,
  point,
  Rational,
  REAL_OUTPUT,
  type StateSpace,
  type Step,
  gaussianIntegers as Z,
} from '../../../src/index.js';
import { type Targeted, unreadable, withModes } from './identity.js';

const METHOD = 'the blocks of the built weights, entry by entry';

/**
 * The network is y_b = z_b W with z_b = A z_{b-1} + B u_b on blocks u_b of K inputs. Let lam_i, alpha_i be the modes of
 * the target and N their number. It has the target's response for every input of its length when
 *   B = [0; I], the last K rows of A vanish, A_ii = lam_i A_{i,N} and 0 beside it among the first N columns,
 *   A_{i,N+K-1} = 1, A_{i,N+j-1} = lam_i A_{i,N+j}, W_{i,0} = alpha_i lam_i, W_{i,t+1} = lam_i W_{i,t},
 *   W_{N+j,t} = rho(t-j), with rho(t) = 0 for t < 0:
 * these make the first N entries of z_b the states sum_s lam_i^(bK-1-s) x(s) of the one-layer model.
 */
export const blockedClaim: Claim<unknown, Targeted> = {
  id: 'error',
  kind: 'identity',
  statement:
    'for every input of its length the network computes y(t) = sum_s rho(s) x(t - s), rho(t) = sum_i alpha_i lam_i^t',
  tex: 'y(t) = \\sum_{s \\le t} \\sum_i \\alpha_i \\lambda_i^s\\, x(t-s)',
  trust: 'proved',
  prove: ({ network, design: { target } }) => {
    const read = readBlocks(network);
    if (typeof read === 'string') return unreadable(read, METHOD);
    const wrong = firstWrongEntry(read, target);
    const step: Step = {
      id: 'blocks',
      rule: 'blocked-recurrence',
      statement: `the entries of A, B and W are those of the recurrence unrolled over ${read.K} steps`,
      verdict: wrong ? 'undecided' : 'proved',
      enclosure: null,
      ...(wrong ? { difference: wrong } : {}),
    };
    return {
      verdict: step.verdict,
      predicted: Rational.zero,
      enclosure: wrong ? null : point(Rational.zero),
      witness: null,
      ...withModes(step, target, read.blocks * read.K),
      method: METHOD,
      facts: [`${read.blocks} blocks of ${read.K} steps`],
    };
  },
};

interface Blocks {
  readonly A: ExactTensor;
  readonly B: ExactTensor;
  readonly W: ExactTensor;
  readonly K: number;
  readonly blocks: number;
}

function readBlocks(network: Network): Blocks | string {
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
  if (network.outputs.length !== 1 || output.name !== REAL_OUTPUT || !isPlain || !A || !B || !W || !u)
    return 'the network is not a recurrence on blocks of one input with a product after it';
  const [blocks, K] = u.shape.map(({ size }) => size);
  return { A, B, W, K, blocks };
}

/** What differs from the stated entries, or null. */
function firstWrongEntry({ A, B, W, K }: Blocks, { layers, C }: StateSpace): string | null {
  const [{ poles, B: drive }] = layers;
  const N = poles.length;
  const width = N + K;
  const shapes = [A.shape, B.shape, W.shape].join(' ; ');
  if (
    shapes !==
    [
      [width, width],
      [width, K],
      [width, K],
    ].join(' ; ')
  )
    return `the shapes of A, B, W are ${shapes}`;
  const [a, b, w] = [A, B, W].map((tensor) => tensor.dense(Rational.zero));
  const residues = new Map(C.map(([i, c]) => [i, c.mul(drive[i][0]?.[1] ?? Gaussian.zero)]));
  const response = impulseResponse({ layers, C });
  const rho = Array.from({ length: K }, () => {
    const { numerator, denominator } = response.next().value;
    return Z.quotient(numerator, { re: denominator, im: 0n });
  });
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
