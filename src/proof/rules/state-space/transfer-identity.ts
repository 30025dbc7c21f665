import { createHash } from 'node:crypto';
import { impulseResponse, poleDenominator } from '../../../evaluate/impulse.js';
import type { Parts } from '../../../evaluate/parallel-parts.js';
import { compareTransfer, firstDifference } from '../../../evaluate/same-response.js';
import { isOp, type Network } from '../../../network/network.js';
import { readStateSpace, type StateSpace } from '../../../network/state-space.js';
import { bitLength } from '../../../numbers/bits.js';
import { toDecimal } from '../../../numbers/decimal.js';
import type { Gaussian } from '../../../numbers/gaussian.js';
import * as Z from '../../../numbers/gaussian-integer.js';
import { Rational } from '../../../numbers/rational.js';
import { attempt, found } from '../../derivation.js';
import { certified, mint, type Outcome } from '../../fact.js';
import { attained, qualitative, type Sentence } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { point } from '../../verdict.js';

/**
 * Two linear models have the same impulse response.
 *
 * Both transfer functions are polynomials over a product of factors 1 - pole w. Over the least common multiple of the
 * two products the numerators are polynomials of known degree, and polynomials of degree at most n that agree at n + 1
 * points are equal. Integers that are no pole's inverse serve as points; there the denominators do not vanish, so the
 * numerators agree where the values do. Coinciding poles need no special care. One point of disagreement refutes. Models that
 * are sums of parts without a pole in common are the same if their parts are (`parallelParts`).
 */
export const transferIdentity: Rule = {
  id: 'transfer-identity',
  tex: 'G(w_k) = H(w_k),\\; k = 0, \\dots, n \\;\\Rightarrow\\; G = H \\text{ for } G = P/Q,\\, H = R/Q,\\, \\deg P, R \\le n',
};

/** The modes alpha_i lam_i^t of a one-layer model with one input, as certificates write them; null for other models. */
export function modesOf({ layers, C }: StateSpace): readonly Mode[] | null {
  const [{ poles, B }] = layers;
  if (layers.length !== 1 || B.some((row) => row.length !== 1)) return null;
  const text = ({ re, im }: Gaussian) => [re.toString(), im.toString()] as const;
  return C.map(([i, weight]) => [text(weight.mul(B[i][0][1])), text(poles[i])] as const);
}

type Text = readonly [re: string, im: string];
type Mode = readonly [residue: Text, pole: Text];

/** Modes that are printed one by one. */
const MOST_PRINTED = 8;

/**
 * For all inputs (of up to `length` entries) the outputs are the convolution with rho(t) = sum_i alpha_i lam_i^t. Many modes
 * are known by the SHA-256 of their JSON.
 */
export function responseSentence(target: StateSpace, length?: number): Sentence {
  const isPlain =
    target.layers.length === 1 && target.layers[0].B.every((row) => row.every(([column]) => column === 0));
  if (!isPlain) throw new RangeError('a response is stated by the modes of one layer with one input');
  const modes = target.C.map(([i, weight]) => {
    const [{ poles, B }] = target.layers;
    return `(${B[i].map(([, b]) => weight.mul(b)).join(' + ') || '0'}) (${poles[i]})^t`;
  });
  const hash = createHash('sha256').update(JSON.stringify(modes)).digest('hex');
  const rho =
    modes.length <= MOST_PRINTED ? modes.join(' + ') : `the sum of the ${modes.length} modes of SHA-256 ${hash}`;
  const inputs =
    length === undefined ? 'for all inputs u of any length' : `for all inputs u of up to ${length} entries`;
  return qualitative(
    `${inputs}: the output at t is sum_{s <= t} rho(t - s) u(s) with rho(t) = ${rho}`,
    'y(t) = \\sum_{s \\le t} \\rho(t-s)\\, u(s),\\quad \\rho(t) = \\sum_i \\alpha_i \\lambda_i^t',
  );
}

/** The first values of the impulse response of a model, exactly. */
export function firstValues(model: StateSpace, count: number): Gaussian[] {
  const response = impulseResponse(model);
  return Array.from({ length: count }, () => {
    const { numerator, denominator } = response.next().value;
    return Z.quotient(numerator, { re: denominator, im: 0n });
  });
}

/** What was compared. */
export interface Compared {
  readonly points: number;
}

/** Applies the rule to the network and a target, for every input: the response is the target's, or it is not. */
export function proveResponse(network: Network, target: StateSpace, id = 'transfer-function'): Outcome<Compared> {
  const says = responseSentence(target);
  return attempt({ rule: transferIdentity, id, statement: says.text }, () => {
    const model = found(readStateSpace(network));
    const { points, disagreement, parts } = compareTransfer(model, target);
    const base = { rule: transferIdentity, id, network, domain: null, found: { points } };
    if (disagreement) {
      const { w, found: own, expected } = disagreement;
      const at = { w, network: shown(own), target: shown(expected) };
      return mint({ ...base, says: attained(says, VIOLATED, `w = ${w}`), at });
    }
    return mint({
      ...base,
      says,
      enclosure: point(Rational.zero),
      ...certifiedResponse(network, model, target, parts),
    });
  });
}

/** The response as a certificate states it, of inputs of up to `length` entries where that is given. */
function certifiedResponse(
  network: Network,
  model: StateSpace,
  target: StateSpace,
  parts: readonly Parts[],
  length?: number,
) {
  const modes = modesOf(target);
  return (
    modes &&
    certified(
      () => ({ kind: 'response', modes, ...(length !== undefined && { length }) }),
      () => partsOf(network, model, parts),
    )
  );
}

/** Parts as certificates write them: the part of each state of the last layer, as the network has them, and of each mode. */
function partsOf(network: Network, { layers, C }: StateSpace, parts: readonly Parts[]) {
  if (parts.length === 0) return {};
  const width = network.nodes.findLast((node) => isOp(node, 'recurrence'))!.shape[1].size;
  const size = width / layers.at(-1)!.poles.length;
  const ofState = new Map(parts.flatMap(({ entries: [read] }, part) => read.map((place) => [C[place][0], part])));
  const ofMode = new Map(parts.flatMap(({ entries: [, modes] }, part) => modes.map((mode) => [mode, part])));
  const states = Array.from({ length: width }, (_, row) => ofState.get(Math.floor(row / size)) ?? 0);
  return { parts: [states, Array.from({ length: ofMode.size }, (_, mode) => ofMode.get(mode)!)] };
}

/** A statement without a number is 0 where it holds. */
const VIOLATED = point(Rational.one);

function shown({ re, im }: Gaussian): string {
  return `${toDecimal(re, 17, 'nearest')} + ${toDecimal(im, 17, 'nearest')}i`;
}

/** The first values of two impulse responses are equal, by running both recurrences in exact arithmetic. */
export const impulseValues: Rule = { id: 'impulse-values', tex: '\\rho(t) = \\sigma(t),\\; t < n' };

/** Bits that the common denominator of the poles may contribute to a value. */
const LONGEST_VALUE = 1 << 15;

/** How many values are compared: up to `length`, fewer when they would be too long. */
export function comparedLength(network: Network, target: StateSpace, length: number): number {
  const model = readStateSpace(network);
  const found = typeof model === 'string' ? target : model;
  const digits = Math.max(bitLength(poleDenominator(found)), bitLength(poleDenominator(target)));
  return Math.max(1, Math.min(length, Math.floor(LONGEST_VALUE / digits)));
}

/** The first `length` values of the impulse response are the target's: an independent second check. */
export function proveImpulseValues(network: Network, target: StateSpace, length: number): Outcome<null> {
  const id = 'impulse-values';
  const says = responseSentence(target, length);
  return attempt({ rule: impulseValues, id, statement: says.text }, () => {
    const model = found(readStateSpace(network));
    const base = { rule: { ...impulseValues, id: 'transfer-identity' }, id, network, domain: null, found: null };
    const { difference, parts } = firstDifference(model, target, length);
    if (difference) {
      const { t, found: own, expected } = difference;
      const at = { t, found: own.toString(), expected: expected.toString() };
      return mint({ ...base, says: attained(says, VIOLATED, `t = ${t}`), at });
    }
    return mint({ ...base, says, ...certifiedResponse(network, model, target, parts, length) });
  });
}
