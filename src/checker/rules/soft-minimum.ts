import { ranges } from '../expression.js';
import { demand } from '../failure.js';
import { type Atoms, type Form, single } from '../forms.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { fraction, index, record } from '../network.js';
import { boundsOf, type Rule } from '../session.js';

/**
 * Data: entry `entry` of `node` is the soft minimum of the `entries` (ranges) of the node `of`, p = softmax(-beta (psi_t +
 * rho_t)), with no gate rho on those at the positions `inside` of this list. Premises: bounds of the entries against
 * targets; and, if some have a gate, a second premise with their range. With n + 1 entries inside, n e^(-lambda-1) <=
 * lambda, w the width of the range, R the least gate outside and leak = outside/inside * e^(-beta (R - w)),
 *   -w leak/(1+leak) <= result - min_inside psi <= lambda/beta + w leak/(1+leak).
 * For beta w <= 1 + W0(n/e), phi(beta w)/beta with phi(u) = n u/(e^u + n) may stand in place of lambda/beta.
 */
export const softMinimum: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['node', 'entry', 'of', 'entries', 'inside', 'lambda']);
  const [node, of] = [session.node(fields.node), session.node(fields.of)];
  const [entries, inside] = [ranges(fields.entries), ranges(fields.inside)];
  demand(inside[inside.length - 1] < entries.length, 'a token inside is none of the entries');
  const { forms, symbol } = session.between([of], node);
  const entry = index(fields.entry, forms.length, 'the entry');
  const head = readHead(
    session.atoms,
    forms[entry],
    entries.map((at) => symbol(of, at)),
  );
  const isInside = new Set(inside);
  demand(
    inside.every((t) => head.gates[t].isZero),
    'a token inside has a gate',
  );
  const outside = head.gates.filter((_, t) => !isInside.has(t));
  const { domain } = boundsOf(premises);
  const values = boundsOf(premises.slice(0, 1));
  const width = premises.length > 1 ? rangeOf(entries.map((at) => boundsOf(premises.slice(1)).at(of, at))) : null;
  const soft = softness(inside.length - 1, head.beta, fraction(fields.lambda, 'lambda'), width);
  const lost = outside.length === 0 ? Fraction.zero : leakage(outside, inside.length, head.beta, width);
  const bounds = inside.map((t) => values.at(of, entries[t]));
  const lo = bounds
    .map((bound) => bound.lo)
    .reduce((a, b) => a.min(b))
    .sub(lost);
  const hi = bounds
    .map((bound) => bound.hi)
    .reduce((a, b) => a.max(b))
    .add(soft)
    .add(lost);
  const target = session.expressions.apply(
    'min',
    bounds.map((bound) => bound.target),
  );
  return { kind: 'within', domain, node, entries: new Map([[entry, { target, lo, hi }]]) };
};

interface Head {
  readonly beta: Fraction;
  /** rho_t, the least of them 0. */
  readonly gates: readonly Fraction[];
}

/** The form must be sum_t p_t psi_t, the p_t from one softmax with logits -beta psi_t + c_t. */
function readHead(atoms: Atoms, form: Form, psi: readonly Form[]): Head {
  const position = new Map(psi.map((symbol, t) => [single(symbol), t]));
  if (psi.length === 1 && single(form) === single(psi[0])) return { beta: Fraction.one, gates: [Fraction.zero] };
  demand(form.constant.isZero && form.terms.size === psi.length, 'the entry is no mean over all tokens');
  const offsets = new Map<number, Fraction>();
  let row: readonly Form[] | null = null;
  let slope: Fraction | null = null;
  for (const [number, coefficient] of form.terms) {
    const product = atoms.get(number);
    demand(product.kind === 'product' && coefficient.equals(Fraction.one), 'a term is no plain product');
    const isValue = product.of.map((factor) => position.has(single(factor)));
    const value = single(product.of[isValue[0] ? 0 : 1]);
    const weight = single(product.of[isValue[0] ? 1 : 0]);
    demand(isValue[0] !== isValue[1] && weight >= 0, 'a term is no weight times a value');
    const atom = atoms.get(weight);
    demand(atom.kind === 'softmax' && (row === null || atom.row === row), 'a weight is from another softmax');
    row = atom.row;
    const logit = row[atom.index];
    const factor = logit.terms.get(value);
    demand(logit.terms.size === 1 && factor !== undefined, 'a logit is not affine in the value of its token');
    demand(slope === null || factor.equals(slope), 'logits have different slopes');
    slope = factor;
    offsets.set(position.get(value)!, logit.constant);
  }
  demand(
    row !== null && row.length === psi.length && offsets.size === psi.length,
    'the weights are not those of all tokens',
  );
  demand(slope !== null && slope.n < 0n, 'the logits do not fall');
  const beta = slope.neg();
  const top = [...offsets.values()].reduce((a, b) => a.max(b));
  return { beta, gates: psi.map((_, t) => top.sub(offsets.get(t)!).div(beta)) };
}

/** lambda/beta for n others, or phi(beta w)/beta where that is smaller. */
function softness(n: number, beta: Fraction, lambda: Fraction, width: Fraction | null): Fraction {
  if (n === 0) return Fraction.zero;
  const others = I.interval(Fraction.of(n));
  const pressure = I.exp(I.interval(lambda.add(Fraction.one).neg()));
  const isEnough = pressure !== null && I.upper(I.mul(others, pressure)).le(lambda);
  if (width) {
    const u = width.mul(beta);
    const [growth, decay] = [I.exp(I.interval(u)), I.exp(I.interval(u.neg()))];
    const isRising = decay !== null && u.sub(Fraction.one).le(I.lower(I.mul(others, decay)));
    const share = growth && I.inverse(I.add(growth, others));
    if (isRising && share) return I.upper(I.mul(I.mul(others, I.interval(u)), share)).div(beta);
  }
  demand(isEnough, `${n} e^(-lambda - 1) is not shown to be at most lambda = ${lambda}`);
  return lambda.div(beta);
}

/** w leak/(1 + leak). */
function leakage(gates: readonly Fraction[], inside: number, beta: Fraction, width: Fraction | null): Fraction {
  demand(width !== null, 'the range of the values is not known');
  const R = gates.reduce((a, b) => a.min(b));
  const decay = I.exp(I.interval(beta.mul(width.sub(R))));
  demand(decay !== null, 'the gates are too small');
  const leak = I.upper(decay).mul(Fraction.of(gates.length, BigInt(inside)));
  return width.mul(leak).div(leak.add(Fraction.one));
}

/** max - min over entries whose targets are numbers. */
function rangeOf(bounds: readonly { target: { kind: string }; lo: Fraction; hi: Fraction }[]): Fraction {
  demand(
    bounds.every(({ target }) => target === bounds[0].target && target.kind === 'number'),
    'a range needs a number as target',
  );
  return bounds
    .map(({ hi }) => hi)
    .reduce((a, b) => a.max(b))
    .sub(bounds.map(({ lo }) => lo).reduce((a, b) => a.min(b)));
}
