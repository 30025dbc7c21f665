import { Atoms } from '../../evaluate/affine.js';
import { symbolicValue } from '../../evaluate/node-forms.js';
import type { Network, Node } from '../../network/network.js';
import { showShape } from '../../network/shape.js';
import { tokenWise } from '../../network/token-wise.js';
import { ballIntervals } from '../../numbers/balls.js';
import { approximate, fromFloat } from '../../numbers/convert.js';
import { Rational } from '../../numbers/rational.js';
import { roundedTo } from '../../numbers/significant-bits.js';
import { rememberingRecent } from '../../remembering.js';
import { attempt, demand, found } from '../derivation.js';
import { mint, type Outcome } from '../fact.js';
import { attained, type Sentence, supremumSentence } from '../sentence.js';
import type { Rule } from '../step.js';
import type { Enclosure } from '../verdict.js';
import { mintAttained } from './evaluation.js';
import { domainText, entryOfToken, minimumRange, signedMinimumSentence } from './inputs.js';
import { meanEvidence, meanNodes, rowMeans } from './row-means.js';
import { entriesOf, outputNode } from './tensors.js';

/**
 * The gap of the soft minimum, sharp: for p = softmax(-beta a), beta > 0 and n = T - 1,
 *   0 <= sum_t p_t a_t - min_t a_t <= lambda / beta   for all a in R^T,   lambda = W0(n / e).
 *
 * Adding a number to all a_t changes neither p nor the gap, so let min a = 0, attained at one token, and u_t = beta a_t
 * >= 0 for the n others: beta gap = sum u e^-u / (1 + sum e^-u). Compare with the two-level inputs, where all others are
 * equal: phi(w) = n w e^-w / (1 + n e^-w). If phi <= mu on a set of levels, then n (w - mu) e^-w <= mu for each level w
 * of the set; the average of this over the n others, each at its own level, is sum (u_t - mu) e^-u_t <= mu, that is
 * beta gap <= mu. So two levels suffice, on [0, 1]^T (levels [0, beta]) as well as on R^T.
 *
 * phi' has the sign of 1 - w + n e^-w, which falls: phi rises up to w* with w* - 1 = n e^-w*, where phi(w*) = w* - 1 =:
 * lambda, so lambda e^lambda = n / e, and falls afterwards. Over [0, 1]^T the supremum is lambda / beta when 1 + lambda
 * <= beta, attained at (0, v, ..., v) with v = (1 + lambda) / beta, and phi(beta) / beta otherwise, attained with v = 1.
 *
 * The upper end rests on a rational lambda' with n e^(-lambda' - 1) <= lambda', which says lambda <= lambda' (the left
 * side falls); the lower end is the gap at one rational two-level input. Both are evaluated in ball arithmetic.
 */
export const softMinimum: Rule = {
  id: 'soft-minimum',
  tex: '0 \\le \\sum_t p_t a_t - \\min_t a_t \\le \\frac{1}{\\beta} W_0\\!\\left(\\frac{T-1}{e}\\right)',
};

/** A network that computes sum_t p_t a_t with p = softmax(-beta a) in its input a. */
interface SoftMinimumNetwork {
  readonly tokens: number;
  readonly beta: Rational;
}

/**
 * Reads T and beta off the weights: the output is a sum over all tokens of products of a softmax and the input, and the
 * logits are one affine form -beta a_t + c of it (c cancels in a softmax). What happens to a token is read from one
 * slice, so the cost does not grow with T. It stays open when a part is something else.
 */
export function proveSoftMinimumHead(network: Network, output: string): Outcome<SoftMinimumNetwork> {
  const statement = `'${output}' is sum_t p_t a_t over all tokens, p = softmax(-beta a)`;
  return attempt({ rule: softMinimum, id: 'head', statement }, () => {
    const node = outputNode(network, output);
    const sum = behind(node);
    const product = sum.op === 'reduceSum' && isAlongAll(sum.inputs[0], sum) ? sum.inputs[0] : null;
    const factors: readonly Node[] = product?.op === 'mul' ? product.inputs : [];
    const weights = factors.find((factor) => behind(factor).op === 'softmax');
    const attention = weights && behind(weights);
    const [a, ...others] = network.inputs;
    const T = a ? entriesOf(a) : 0;
    demand(product && entriesOf(product) === T && T >= 2 && others.length === 0, otherwise(node));
    const isWhole = attention && entriesOf(attention) === T && isAlongAll(attention, attention);
    demand(isWhole, attention ? otherwise(attention) : 'there are no weights');
    const values = tokenForm(a, factors.find((factor) => factor !== weights) ?? product);
    const isOwn = values.scale.equals(Rational.one) && values.offset.isZero();
    demand(isOwn, `the values are ${values.scale} a_t + ${values.offset}`);
    const beta = tokenForm(a, attention.inputs[0]).scale.neg();
    const says = `'${output}' is sum_t p_t a_t over all ${T} tokens, p = softmax(-beta a) with beta = ${beta}`;
    return mint({ rule: softMinimum, id: 'head', network, domain: null, says, found: { tokens: T, beta } });
  });
}

/** What the sentence of the gap says: y exceeds the minimum by at most `most`, for all a in [0, 1]^T. */
export function gapSentence(network: Network, output: string, most: Rational | null): Sentence {
  return most === null ? signedMinimumSentence(network, output) : minimumRange(network, output, null, most);
}

/** Where the gap is largest, and of what head. */
interface LargestGap extends SoftMinimumNetwork {
  readonly level: Rational;
  readonly isInside: boolean | undefined;
}

/** The gap over [0, 1]^T from both sides: 0 <= y - min a <= hi, and at least lo at (0, v, ..., v). */
export function proveSoftMinimumGap(network: Network, output: string, bits: number): readonly Outcome<LargestGap>[] {
  const head = proveSoftMinimumHead(network, output);
  if (head.kind === 'open') return [head];
  const { tokens: T } = head.found;
  const { gap, level, isInside } = softMinimumGap(head.found, bits);
  const gapFound = { ...head.found, level, isInside };
  const [input] = network.inputs;
  const node = network.outputs.find(({ name }) => name === output)!.node;
  const { name } = input.attributes;
  const lambda = gapConstant(T, bits).hi;
  const { beta } = head.found;
  const lo = beta.sign() > 0 ? Rational.zero : null;
  const side = { [name]: ['0', '1'] } as const;
  const text = entryOfToken(input);
  const domain = domainText(network, side);
  const says = minimumRange(network, output, lo, gap.hi);
  // In [0, 1] the gap may be smaller than over all real numbers.
  const inputs = isInside === false ? side : { [name]: null };
  const zero = Rational.zero;
  const [lemma, numbers] =
    isInside === false
      ? ['soft-minimum-in-range', { beta, a: zero, w: Rational.one, n: Rational.of(T - 1) }]
      : ['soft-minimum', { beta, lambda }];
  const target = `min_{t in 1..${T}}(${text})`;
  const whole = mint({
    ...{ rule: lo === null ? softMinimum : rowMeans, id: 'supremum', network, domain, found: gapFound },
    ...{ says, enclosure: { lo: gap.lo, hi: gap.hi }, premises: [head] },
    ...(lo !== null && {
      evidence: () => {
        const nodes = meanNodes(network, input, node);
        const set = { I: Array.from({ length: T }, (_, t) => t + 1) };
        const target = { column: 0, target: text, error: [zero, zero] as const };
        const range = isInside === false ? ([zero, Rational.one] as const) : undefined;
        return nodes && meanEvidence(network, nodes, { lemma, sets: set, numbers, inputs, range, ...target });
      },
      conclusion: ({ hi }: Enclosure) => ({
        kind: 'approximation' as const,
        ...{ output, domain: inputs, target, lo: '0', hi: `${hi ?? gap.hi}` },
      }),
    }),
  });
  const about = gapSentence(network, output, null);
  const value = { lo: gap.lo, hi: gap.hi! };
  const isSmall = T <= MOST_CERTIFIED;
  const levels = Array.from({ length: isSmall ? T : 0 }, (_, t) => (t === 0 ? Rational.zero : level));
  const attainedHere = isSmall
    ? mintAttained({ network, output, domain: side, target, about }, { [name]: levels }, value)
    : mint({
        ...{ rule: softMinimum, id: 'witness', network, domain, found: gapFound, premises: [head] },
        says: attained(about, value, '(0, v, ..., v)'),
        at: { a: '(0, v, ..., v)', T: String(T), v: level.toString() },
        withheld: `not put before the checker, which takes inputs of up to ${MOST_CERTIFIED} tokens here`,
      });
  // Where all entries are equal, so is their mean, whatever the weights.
  const equal = mint({
    ...{ rule: softMinimum, id: 'equal', network, domain, found: gapFound, premises: [head] },
    says: attained(gapSentence(network, output, null), { lo: Rational.zero, hi: Rational.zero }, '(0, ..., 0)'),
    at: { a: '(0, ..., 0)' },
  });
  return [head, whole, attainedHere, equal] as readonly Outcome[] as readonly Outcome<LargestGap>[];
}

/** The supremum of the gap over [0, 1]^T is W0((T - 1)/e)/beta, up to a share of 2^-60. */
export function softMinimumRateSentence(network: Network, output: string, T: number, beta: Rational): Sentence {
  const { lo, hi } = gapConstant(T, 2 * RATE_BITS);
  const ends = [roundedTo(lo.div(beta), RATE_BITS, 'down'), roundedTo(hi.div(beta), RATE_BITS, 'up')];
  return supremumSentence(gapSentence(network, output, null), { lo: ends[0], hi: ends[1] });
}

const RATE_BITS = 60;
/** Beyond this many tokens a certificate does not list their levels. */
const MOST_CERTIFIED = 4096;

/** Every entry of a tensor is scale * a_t + offset, t its own token. */
interface TokenForm {
  readonly scale: Rational;
  readonly offset: Rational;
}

/** The form of a tensor with one entry per token. */
function tokenForm(a: Node, node: Node): TokenForm {
  demand(entriesOf(node) === a.shape[0]?.size && entriesOf(a) === entriesOf(node), otherwise(node));
  const slice = found(tokenWise(a, node));
  const atoms = new Atoms();
  const [symbol] = atoms.input(a.name, 0).terms.keys();
  const [{ constant, terms }] = symbolicValue(slice, slice.outputs[0].node, atoms);
  demand(
    [...terms.keys()].every((atom) => atom === symbol),
    otherwise(node),
  );
  return { scale: terms.get(symbol) ?? Rational.zero, offset: constant };
}

/** Two-sided bounds of sup gap over [0, 1]^T. */
interface SoftMinimumGap {
  readonly gap: Enclosure & { readonly lo: Rational };
  /** The others' level v at the witness (0, v, ..., v), where the gap is at least `gap.lo`. */
  readonly level: Rational;
  /** Whether the supremum over R^T is attained in [0, 1]^T; undefined when `bits` do not tell. */
  readonly isInside: boolean | undefined;
}

/** Bounds of sup over [0, 1]^T of the gap; for beta <= 0 only the lower one and the trivial 1. */
function softMinimumGap({ tokens, beta }: SoftMinimumNetwork, bits: number): SoftMinimumGap {
  const A = ballIntervals(bits);
  const n = A.of(Rational.of(tokens - 1));
  /** phi(w) = n w / (e^w + n). */
  const phi = (w: Rational) => A.div(A.mul(n, A.of(w)), A.add(A.exp(A.of(w)), n));
  if (beta.sign() <= 0) {
    const attained = A.div(n, A.add(A.exp(A.of(beta)), n));
    return { gap: { lo: A.lower(attained)!, hi: Rational.one }, level: Rational.one, isInside: undefined };
  }
  const { lo: least, hi: most } = gapConstant(tokens, bits);
  const one = Rational.one;
  const isInside = one.add(most).le(beta) ? true : beta.le(one.add(least)) ? false : undefined;
  // Any level is a witness; next to the maximum of phi a double loses only its square.
  const w = isInside === false ? beta : fromFloat(approximate(one.add(least))).min(beta);
  const value = phi(w);
  const hi = isInside === false ? A.upper(value)!.min(most) : most;
  return { gap: { lo: A.lower(value)!.div(beta), hi: hi.div(beta) }, level: w.div(beta), isInside };
}

/** Proved rational bounds of lambda = W0((T - 1) / e), T >= 2, some `bits` bits apart. */
export const gapConstant = rememberingRecent((tokens: number, bits: number) => {
  const A = ballIntervals(bits);
  const n = A.of(Rational.of(tokens - 1));
  const pressure = (lambda: Rational) => A.mul(n, A.exp(A.of(lambda.neg().sub(Rational.one))));
  const candidate = A.lambertW(A.div(n, A.exp(A.one)));
  const slack = Rational.pow2(8 - bits);
  let [lo, hi] = [A.lower(candidate)!, A.upper(candidate)!];
  while (A.atMost(pressure(hi), A.of(hi)) !== true) hi = hi.add(hi.mul(slack));
  while (A.atMost(A.of(lo), pressure(lo)) !== true) lo = lo.sub(lo.mul(slack));
  return Object.freeze({ lo, hi });
});

/** An upper bound of beta times the gap of S tokens. */
export function gapOf(S: number): Rational {
  return S === 1 ? Rational.zero : gapConstant(S, GAP_BITS).hi;
}

const GAP_BITS = 128;

function otherwise({ name, op, shape }: Node): string {
  return `'${name}' (${op} ${showShape(shape)}) is something else`;
}

/** Whether the axis of the operation runs through all entries of the tensor. */
function isAlongAll(tensor: Node, operation: Node): boolean {
  const { axis } = operation.attributes as { readonly axis: number };
  return tensor.shape[axis].size === entriesOf(tensor);
}

/** The tensor behind reshapes, which keep all entries in their order. */
function behind(node: Node): Node {
  return node.op === 'reshape' ? behind(node.inputs[0]) : node;
}
