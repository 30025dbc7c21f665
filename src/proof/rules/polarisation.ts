import type { Span } from '../../enclose/interpolation.js';
import type { Value } from '../../enclose/pieces.js';
import { isOp, type Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { ifThere } from '../derivation.js';
import { type Fact, mint } from '../fact.js';
import { approximated } from '../propositions/approximation.js';
import { sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import { proveSum } from './affine-identity.js';
import { exactlyAttained } from './evaluation.js';
import { proveInterpolatedSquare, teethFrom } from './iterated-tooth.js';
import { pieceKnots, provePiecewiseIdentity } from './piecewise-identity.js';
import { squareErrors } from './square-sum.js';

/**
 * A product from two squares: x y = s^2 - d^2 with s = (x + y)/2, d = (x - y)/2.
 *
 * If the network computes Q(s) - Q'(d) with Q(s) - s^2 in [e, E] and Q'(d) - d^2 in [e', E'], its error against x y lies
 * in [e - E', E - e']. Both s and d are checked as affine forms of the inputs, the difference as one of Q and Q'.
 */
export const polarisation: Rule = {
  id: 'polarisation',
  tex: 'xy = \\Big(\\frac{x+y}{2}\\Big)^2 - \\Big(\\frac{x-y}{2}\\Big)^2',
};

/** A half, s or d, and Q of it: the error of Q over the box, and where it is largest and least. */
interface Half {
  readonly fact: Fact<Span>;
  readonly at: readonly Value[];
}

/**
 * The output against x[1] x[2] for inputs in [-end, end]^2, two entries of the only input; with what it is at an input where both
 * squares are off by most. Nothing where it is no difference of two such squares.
 */
export function proveProduct(network: Network, output: string, end: Rational): readonly Fact[] {
  const x = network.inputs[0].attributes.name;
  const ends = [end.neg().toString(), end.toString()] as const;
  const target = `${x}[1]*${x}[2]`;
  const place = { output, domain: { [x]: ends }, target };
  const { node } = network.outputs.find(({ name }) => name === output)!;
  const squares = isOp(node, 'sub') ? node.inputs : [];
  if (squares.length < 2 || squares.some(({ shape }) => sizeOf(sizes(shape)) !== 1)) return [];
  const [plus, minus] = squares.map(({ name }, k) => halfOf(network, name, k === 0 ? HALF : HALF.neg(), end));
  if (!plus || !minus) return [];
  const terms = squares.map(({ name }, k) => [k === 0 ? Rational.one : MINUS_ONE, name] as const);
  const statement = `'${output}' is the difference of the two squares`;
  const difference = proveSum(network, node.name, terms, { id: 'difference', statement });
  if (difference.kind === 'open') return [];
  const [above, below] = [plus.fact.found, minus.fact.found];
  const error = { lo: above.lo.sub(below.hi), hi: above.hi.sub(below.lo) };
  const domain = `${x} in [${ends[0]}, ${ends[1]}]^2`;
  const number = network.nodes.indexOf(node);
  const relation = (range: string) => sentence(`for all ${x} in [${ends[0]}, ${ends[1]}]^2: ${range}`);
  const fact = mint({
    ...{ rule: LIPSCHITZ, id: 'composition', network, domain, found: null },
    says: relation(`${error.lo} <= ${output} - ${target} <= ${error.hi}`),
    enclosure: error,
    premises: [plus.fact, minus.fact, difference],
    evidence: () => ({ node: number, readout: 'z1 - z2', z: squares.map((one) => [network.nodes.indexOf(one), 0]) }),
    conclusion: approximated(place, error),
  });
  const about = relation(`${output} - ${target} <= ?`);
  const point = worstPoint(plus, minus, end);
  return [fact, ...(point ? [exactlyAttained({ network, ...place, about }, point, point[0].mul(point[1]))] : [])];
}

/** Inputs where one square is off by most and the other by least, the larger of the two ways; null where none is in the box. */
function worstPoint(plus: Half, minus: Half, end: Rational): readonly [Rational, Rational] | null {
  const pairs = plus.at.flatMap((s) =>
    minus.at.map((d) => ({
      error: s.value.sub(d.value).abs(),
      point: [s.point.add(d.point), s.point.sub(d.point)] as const,
    })),
  );
  const inside = pairs.filter(({ point }) => point.every((entry) => entry.abs().le(end)));
  return inside.sort((a, b) => b.error.compare(a.error))[0]?.point ?? null;
}

const LIPSCHITZ: Rule = { ...polarisation, id: 'lipschitz-composition' };
const SUP: Rule = { ...polarisation, id: 'sup-norm' };

/** The number (x[1] + x[2])/2, or with a minus, that the square is of; null where there is none, or the square is of none. */
function halfOf(network: Network, square: string, second: Rational, end: Rational): Half | null {
  const x = network.inputs[0].attributes.name;
  const ends = [end.neg().toString(), end.toString()];
  const text = `(${x}[1] ${second.sign() > 0 ? '+' : '-'} ${x}[2])/2`;
  const terms = [HALF, second].map((factor, k) => [factor, x, k] as const);
  const numbers = network.nodes.filter(({ shape }) => sizeOf(sizes(shape)) === 1);
  for (const { name: half } of numbers) {
    const form = proveSum(network, half, terms, { id: half, statement: `'${half}' = ${text}` });
    if (form.kind === 'open') continue;
    const domain = `${x} in [${ends.join(', ')}]^2`;
    const number = (name: string) => network.nodes.indexOf(network.find(name)!);
    const against = <F>(id: string, says: string, node: string, f: string, { lo, hi }: Span, found: F, from: Fact[]) =>
      mint({
        ...{ rule: SUP, id, network, domain, says, found, premises: [form, ...from] },
        evidence: () => ({
          ...{ node: number(node), domain: { [x]: ends }, entries: '0', target: f, lo: `${lo}`, hi: `${hi}` },
        }),
      });
    const corner = [end.neg(), Rational.zero, end].map((z) => ({ x: z, y: z.abs() }));
    for (const { name: absolute } of end.le(Rational.one) ? numbers : []) {
      const says = `'${absolute}' = |${half}|`;
      const fold = provePiecewiseIdentity({ network, from: half, to: absolute }, corner, absolute, says);
      if (fold.kind === 'open') continue;
      const facts = [
        against(`${absolute}.value`, says, absolute, `abs(${text})`, NOTHING, null, [fold]),
        against(`${absolute}.range`, `'${absolute}' lies in [0, 1]`, absolute, '0', UNIT, null, [fold]),
      ];
      const teeth = teethFrom({ network, name: absolute });
      const fact = proveInterpolatedSquare(network, teeth, square, { facts, domain });
      const points = [Rational.zero, Rational.pow2(-teeth.names.length)];
      if (fact) return { fact, at: [fact.found.lo, fact.found.hi].map((value, k) => ({ value, point: points[k] })) };
    }
    const knots = ifThere(() => pieceKnots({ network, from: half, to: square }, end.neg(), end));
    if (!knots) continue;
    const { at: extremal, ...error } = squareErrors(knots, Rational.one);
    const says = `'${square}' - z^2 over z = '${half}' in [${ends.join(', ')}]`;
    const fact = against(`${square}.error`, says, square, `(${text})^2`, error, error, []);
    return { fact, at: extremal };
  }
  return null;
}

const HALF = Rational.of(1, 2);
const NOTHING = { lo: Rational.zero, hi: Rational.zero };
const UNIT = { lo: Rational.zero, hi: Rational.one };
const MINUS_ONE = Rational.of(-1);
