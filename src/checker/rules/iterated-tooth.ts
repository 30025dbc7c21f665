import { closed, type Rule, rangeOf } from '../fact.js';
import { demand, demandEach } from '../failure.js';
import { combine, equal } from '../forms.js';
import { Fraction } from '../fraction.js';
import { fraction, index, list, record, sizeOf } from '../network.js';
import type { Session } from '../session.js';
import { curveOf } from '../univariate.js';

const UNIT = { lo: Fraction.zero, hi: Fraction.one };
const TOOTH = '0 0, 1/2 1, 1 0';

/**
 * Data: the nodes z = `layers`[0], ..., [m], of one entry each, and `node`. Each layer is g(u) = 2 min(u, 1 - u) of the one
 * before on [0, 1], so layer s is g^(s)(z) where z is in [0, 1], and node = z - sum layer_s/4^s. Its error against z^2 is
 * E_m(z) = E_(m-1)(g(z))/4 with E_0(z) = z - z^2 in [0, 1/4]: in [0, 4^(-m-1)]. Premises: the value of z, exactly, and its
 * range.
 */
export const iteratedTooth: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['node', 'layers']);
  const [node, layers] = [session.node(fields.node), list(fields.layers, 'layers').map((layer) => session.node(layer))];
  demand(sizeOf(session.network.nodes[node].shape) === 1, `node ${node} is not one number`);
  const { target, lo, hi } = premises.first.at(layers[0], 0);
  demand(lo.isZero && hi.isZero, 'the first layer is not known exactly');
  const range = rangeOf([premises.others.at(layers[0], 0)]);
  demand(range.lo.n >= 0n && range.hi.le(Fraction.one), 'the first layer may leave [0, 1]');
  demandTeeth(session, layers);
  const { forms, symbol } = session.between(layers, node);
  const share = (s: number) => (s === 0 ? Fraction.one : Fraction.of(-1, 4n ** BigInt(s)));
  const stated = combine(layers.map((layer, s) => [symbol(layer, 0), share(s)]));
  demand(equal(forms[0], stated), `node ${node} is not z minus the layers over 4^s`);
  const bound = {
    target: session.expressions.power(target, Fraction.of(2)),
    lo: Fraction.zero,
    hi: Fraction.of(1, 4n ** BigInt(layers.length)),
  };
  return { kind: 'within', domain: premises.domain, node, entries: new Map([[0, bound]]) };
};

/** Demands that each of the nodes is one number and g(u) = 2 min(u, 1 - u) of the one before, for u in [0, 1]. */
function demandTeeth(session: Session, layers: readonly number[]): void {
  demandEach(layers, (k) => sizeOf(session.network.nodes[k].shape) === 1, 'a layer is not one number');
  for (const [k, layer] of layers.slice(1).entries()) {
    const { forms } = session.between([layers[k]], layer);
    const corners = curveOf(session.atoms, forms[0], UNIT).map(([x, y]) => `${x} ${y}`);
    demand(corners.join(', ') === TOOTH, `node ${layer} is not the tooth of node ${layers[k]}`);
  }
}

/** How far a function with at most N breakpoints is from 2^(k-1) teeth, at least. */
const BARRIERS: Readonly<Record<string, (N: Fraction, teeth: Fraction) => Fraction>> = {
  L1: (N, teeth) => Fraction.one.sub(N.div(teeth)).mul(Fraction.of(1, 4n)),
  sup: (N, teeth) => (N.lt(teeth) ? Fraction.of(1, 2n) : Fraction.zero),
};

const MOST_BREAKPOINTS = 2 ** 40;

/**
 * Data: the `output` y is the last of the `layers`, each a tooth of the one before, and the first is the one input: y =
 * g^(k)(x), 2^(k-1) teeth on [0, 1]. Possibly a `norm`, L1 or sup, and a `distance` in it from every continuous piecewise
 * linear function with at most `breakpoints` N of them: at least 2^(k-1) - N teeth have none inside. On one of width w the
 * function is a line l with the value c in the middle; at the two points z, z' of equal height t, l(z) + l(z') = 2c, so
 * |t - l(z)| + |t - l(z')| >= 2 |t - c|: in L1 the distance is that of a constant, at least w/4. In sup it is at least 1/2:
 * c >= 1/2 misses the mean of the two ends, c <= 1/2 the peak.
 */
export const sawtooth: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'layers', 'norm', 'breakpoints', 'distance']);
  const layers = list(fields.layers, 'layers').map((layer) => session.node(layer));
  const [first, last, k] = [layers[0], layers[layers.length - 1], layers.length - 1];
  demand(k > 0 && session.network.nodes[first].op === 'input', 'the first layer is no input');
  demand(last === session.output(fields.output), 'the last layer is not the output');
  demandTeeth(session, layers);
  const statement =
    `for all ${session.network.nodes[first].name} in [0, 1] ${fields.output} is g applied ${k} times, ` +
    'g(u) = 2 min(u, 1 - u)';
  const { layers: _, ...stated } = fields;
  const conclusion = { kind: 'sawtooth', depth: k, ...stated };
  if (fields.norm === undefined) return closed(conclusion, statement);
  demand(typeof fields.norm === 'string' && Object.hasOwn(BARRIERS, fields.norm), 'the norm is neither L1 nor sup');
  const N = index(fields.breakpoints, MOST_BREAKPOINTS, 'the number of breakpoints');
  const distance = fraction(fields.distance, 'the distance');
  const least = BARRIERS[fields.norm](Fraction.of(N), Fraction.of(2n ** BigInt(k - 1)));
  demand(distance.le(least), () => `the distance is shown to be ${least} only`);
  const barrier = `every net with one hidden layer of ${N} ReLUs is at least ${distance} away from that on [0, 1] in the ${fields.norm} norm`;
  return closed(conclusion, `${statement}; ${barrier}`);
};
