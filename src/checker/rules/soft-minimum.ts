import { ranges } from '../expression.js';
import { type Rule, rangeOf, type Within } from '../fact.js';
import { demand } from '../failure.js';
import { type Atoms, type Form, single } from '../forms.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { fraction, index, list, record } from '../network.js';

/**
 * Data: soft minima of the `entries` (ranges) of the node `of`: `heads` [[entry, inside], ...], entry `entry` of `node` being
 * the mean of these values under p = softmax(-beta (psi_t + rho_t)), with no gate rho on those at the positions `inside`
 * (ranges) of this list; a single head may stand in `entry` and `inside`. Premises: bounds of the entries against targets;
 * and, if some have a gate, a second premise with their range. With n + 1 entries inside, n e^(-lambda-1) <= lambda, w
 * the width of the range, R the least gate outside and leak = outside/inside * e^(-beta (R - w)),
 *   -w leak/(1+leak) <= result - min_inside psi <= lambda/beta + w leak/(1+leak).
 * For beta w <= 1 + W0(n/e), phi(beta w)/beta with phi(u) = n u/(e^u + n) may stand in place of lambda/beta.
 * The result, a mean, lies in the range of the entries.
 * A soft maximum, p = softmax(beta (psi_t - rho_t)), is minus the soft minimum of -psi.
 */
const softExtremum =
  (name: 'min' | 'max'): Rule =>
  (session, data, premises) => {
    const fields = record(data, 'the data', ['node', 'entry', 'of', 'entries', 'inside', 'lambda', 'heads']);
    const [node, of] = [session.node(fields.node), session.node(fields.of)];
    const entries = ranges(fields.entries);
    const { forms, symbol } = session.between([of], node);
    const { domain, first, others } = premises;
    const range = others.bounds.length > 0 ? rangeOf(entries.map((at) => others.at(of, at))) : null;
    const width = range ? range.hi.sub(range.lo) : null;
    const lambda = fraction(fields.lambda, 'lambda');
    const psi = entries.map((at) => symbol(of, at));
    const position = new Map(psi.map((form, t) => [single(form), t]));
    const known = new Map<string, Loss>();
    const heads = fields.heads === undefined ? [[fields.entry, fields.inside]] : list(fields.heads, 'heads');
    const proved = heads.map((value): readonly [number, Within] => {
      const [at, inside] = list(value, 'a head');
      const entry = index(at, forms.length, 'the entry');
      const open = ranges(inside);
      demand(open[open.length - 1] < entries.length, 'a token inside is none of the entries');
      const head = readHead(session.atoms, forms[entry], position, name === 'min' ? -1 : 1);
      const { soft, lost } = lossOf(head, open, lambda, width, known);
      const bounds = open.map((t) => first.at(of, entries[t]));
      const [above, below] = name === 'min' ? [soft.add(lost), lost] : [lost, soft.add(lost)];
      const lo = bounds.map((bound) => bound.lo).reduce((a, b) => a.min(b));
      const hi = bounds.map((bound) => bound.hi).reduce((a, b) => a.max(b));
      const target = session.expressions.apply(
        name,
        bounds.map((bound) => bound.target),
      );
      return [entry, { target, lo: lo.sub(below), hi: hi.add(above), ...(range && { range }) }];
    });
    return { kind: 'within', domain, node, entries: new Map(proved) };
  };

export const [softMinimum, softMaximum] = (['min', 'max'] as const).map(softExtremum);

/** What a head loses among the tokens inside, and to those outside; the same for heads of the same gates. */
interface Loss {
  readonly soft: Fraction;
  readonly lost: Fraction;
}

function lossOf(
  { beta, gates }: Head,
  inside: readonly number[],
  lambda: Fraction,
  width: Fraction | null,
  known: Map<string, Loss>,
): Loss {
  demand(
    inside.every((t) => gates[t].isZero),
    'a token inside has a gate',
  );
  const isInside = new Set(inside);
  const outside = gates.filter((_, t) => !isInside.has(t));
  const R = outside.length > 0 ? outside.reduce((a, b) => a.min(b)) : null;
  const key = `${inside.length} ${outside.length} ${beta} ${R}`;
  let loss = known.get(key);
  if (!loss) {
    const soft = softness(inside.length - 1, beta, lambda, width);
    const lost = R ? leakage(R, Fraction.of(outside.length, BigInt(inside.length)), beta, width) : Fraction.zero;
    known.set(key, (loss = { soft, lost }));
  }
  return loss;
}

interface Head {
  readonly beta: Fraction;
  /** rho_t, the least of them 0. */
  readonly gates: readonly Fraction[];
}

/** The form must be sum_t p_t psi_t, the p_t from one softmax with logits sign beta psi_t + c_t. */
export function readHead(atoms: Atoms, form: Form, position: ReadonlyMap<number, number>, sign: 1 | -1): Head {
  const size = position.size;
  if (size === 1 && position.has(single(form))) return { beta: Fraction.one, gates: [Fraction.zero] };
  demand(form.constant.isZero && form.terms.size === size, 'the entry is no mean over all tokens');
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
  demand(row !== null && row.length === size && offsets.size === size, 'the weights are not those of all tokens');
  demand(slope !== null && slope.n * BigInt(sign) > 0n, `the logits do not ${sign > 0 ? 'rise' : 'fall'}`);
  const beta = slope.abs();
  const top = [...offsets.values()].reduce((a, b) => a.max(b));
  return { beta, gates: Array.from({ length: size }, (_, t) => top.sub(offsets.get(t)!).div(beta)) };
}

/** lambda/beta for n others, or phi(beta w)/beta where that is smaller. */
function softness(n: number, beta: Fraction, lambda: Fraction, width: Fraction | null): Fraction {
  if (n === 0) return Fraction.zero;
  const others = I.interval(Fraction.of(n));
  if (width) {
    const u = width.mul(beta);
    const [growth, decay] = [I.exp(I.interval(u)), I.exp(I.interval(u.neg()))];
    const isRising = decay !== null && u.sub(Fraction.one).le(I.lower(I.mul(others, decay)));
    const share = growth && I.inverse(I.add(growth, others));
    if (isRising && share) return I.upper(I.mul(I.mul(others, I.interval(u)), share)).div(beta);
  }
  demand(isGapConstant(n, lambda), `${n} e^(-lambda - 1) is not shown to be at most lambda = ${lambda}`);
  return lambda.div(beta);
}

/** Whether n e^(-lambda - 1) <= lambda. */
export function isGapConstant(n: number, lambda: Fraction): boolean {
  const pressure = I.exp(I.interval(lambda.add(Fraction.one).neg()));
  return pressure !== null && I.upper(I.mul(I.interval(Fraction.of(n)), pressure)).le(lambda);
}

/** w leak/(1 + leak), leak = share e^(-beta (R - w)). */
function leakage(R: Fraction, share: Fraction, beta: Fraction, width: Fraction | null): Fraction {
  demand(width !== null, 'the range of the values is not known');
  const decay = I.exp(I.interval(beta.mul(width.sub(R))));
  demand(decay !== null, 'the gates are too small');
  const leak = I.upper(decay).mul(share);
  return width.mul(leak).div(leak.add(Fraction.one));
}
