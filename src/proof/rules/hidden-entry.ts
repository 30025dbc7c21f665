import { domain } from '../../enclose/box.js';
import { supremum } from '../../enclose/supremum.js';
import type { Network } from '../../network/network.js';
import { ballIntervals } from '../../numbers/balls.js';
import { Rational } from '../../numbers/rational.js';
import { roundedTo } from '../../numbers/significant-bits.js';
import { type Expression, neg } from '../../symbolic/expression.js';
import { parseExpression } from '../../symbolic/parse.js';
import { type ValueBounds, valueBounds } from '../../symbolic/value.js';
import { certified, mint, type Outcome, open } from '../fact.js';
import { attained, type Sentence, special, within } from '../sentence.js';
import type { Rule } from '../step.js';
import type { Enclosure } from '../verdict.js';
import { gapConstant, proveSoftMinimumHead } from './soft-minimum.js';

/**
 * How fast one soft maximum y = sum_t p_t x_t, p = softmax(beta x), can move with the second largest entry.
 *
 * dy/dx_2 = p_2 (1 + beta (x_2 - y)). In units of 1/beta below the largest entry let the second largest stand at u >= G =
 * beta g and the others at w_t >= u, q = e^-u, Z = 1 + q + sum e^-w_t. Then
 *   dy/dx_2 = q N / Z^2,   N = (1 - u) Z + u q + sum w_t e^-w_t.
 *
 * From above. For a fixed sum of e^-w_t the sum of w_t e^-w_t is largest when all w_t are equal, as -e ln e is concave: two
 * numbers u, w remain. N/Z = 1 - u + beta (x_1 - y) <= 1 + lambda - u, lambda = W0((T - 1)/e), so the derivative is
 * positive only for u < 1 + lambda, and in e^-w it rises while (w - u) Z > 2 N, in particular for w >= 2 + 2 lambda - u.
 * Both numbers are thus confined to a box.
 *
 * From below. N falls and Z rises with every e^-w_t when N < 0, as dN/d(e^-w) = w - u >= 0 makes -N fall: the others are
 * best far away, -dy/dx_2 <= q (u - 1 - q)/(1 + q)^2 <= q (u - 1), which falls for u >= 2.
 */
const hiddenEntry: Rule = {
  id: 'three-levels',
  tex: '|\\partial y/\\partial x_{(2)}| \\le e^{-G} \\max(1 + \\max(0, \\lambda - G), G - 1)',
};

interface DerivativeBound {
  /** lo <= sup |dy/dx_2| <= hi over all x in R^T with gap at least g. */
  readonly range: Enclosure & { readonly lo: Rational };
  /** Levels where the derivative is at least lo. */
  readonly u: Rational;
  readonly w: Rational;
}

const BITS = 192;
const STOP = { relativeWidth: Rational.of(1, 1000), mostBoxes: 100_000 };

const POSITIVE =
  'exp(-u) * ((1-u)*(1 + exp(-u) + n*exp(-u-z)) + u*exp(-u) + n*(u+z)*exp(-u-z)) / (1 + exp(-u) + n*exp(-u-z))^2';
const NEGATIVE = 'exp(-u) * (u - 1 - exp(-u)) / (1 + exp(-u))^2';

function formula(text: string, T: number): Expression {
  return parseExpression(text.replaceAll('n*', `${T - 2}*`), ['u', 'z']);
}

function derivativeBound(T: number, G: Rational): DerivativeBound {
  const { range, ...levels } = searched(T, G);
  const closed = closedForm(T, G);
  return { ...levels, range: { lo: range.lo, hi: range.hi ? range.hi.min(closed) : closed } };
}

function searched(T: number, G: Rational): DerivativeBound {
  const falling = negativeSide(T, G);
  const { hi: lambda } = gapConstant(T, BITS);
  const end = Rational.one.add(lambda);
  if (end.le(G)) return falling;
  const reach = Rational.of(2).mul(end.sub(G));
  const box = domain([
    { variable: 'u', lo: G, hi: end },
    { variable: 'z', lo: Rational.zero, hi: reach },
  ]);
  const { lo, hi, witness } = supremum([formula(POSITIVE, T)], box, STOP);
  const most = hi && falling.range.hi && hi.max(falling.range.hi);
  if (lo.lt(falling.range.lo)) return { ...falling, range: { lo: falling.range.lo, hi: most } };
  return { range: { lo, hi: most }, u: witness[0], w: witness[0].add(witness[1]) };
}

const FAR = Rational.of(8);

function negativeSide(T: number, G: Rational): DerivativeBound {
  const end = G.add(FAR);
  const box = domain([{ variable: 'u', lo: G, hi: end }]);
  const { hi, witness } = supremum([formula(NEGATIVE, T)], box, STOP);
  const tail = bounds('exp(-u) * (u - 1)', { u: end }).hi!;
  // With the others at w = u + 64 + ln T, not infinitely far, the value is a little less, and attained.
  const z = Rational.of(64 + Math.ceil(Math.log(T)));
  const attained = bounds(neg(formula(POSITIVE, T)), { u: witness[0], z });
  const isPositive = attained.lo!.sign() > 0;
  return {
    range: { lo: isPositive ? attained.lo! : Rational.zero, hi: hi ? hi.max(tail).max(Rational.zero) : null },
    u: witness[0],
    w: witness[0].add(z),
  };
}

/**
 * e^-G max(1 + max(0, lambda - G), G - 1), rounded up to 64 bits: it bounds |p_2 (1 + beta (x_2 - y))| at every u >= G, as p_2 <=
 * e^-u and -u <= beta (x_2 - y) <= lambda - u, e^-u (1 + lambda - u) falls while it is positive, and e^-u (u - 1) is at
 * most e^-G for G < 2 and falls for u >= 2.
 */
export function closedBound(T: number, G: Rational): Rational {
  return roundedTo(closedForm(T, G), SHOWN_BITS, 'up');
}

function closedForm(T: number, G: Rational): Rational {
  const { hi } = gapConstant(T, BITS);
  return bounds('exp(-G) * max(1 + max(0, L - G), G - 1)', { G, L: hi }).hi!;
}

/** e^-G (1 + G), which is tempting and false for many tokens. */
export function temptingBound(G: Rational): Enclosure {
  return bounds('exp(-G) * (1 + G)', { G });
}

function bounds(formula: Expression | string, values: Readonly<Record<string, Rational>>): ValueBounds {
  const e = typeof formula === 'string' ? parseExpression(formula, Object.keys(values)) : formula;
  return valueBounds(e, new Map(Object.entries(values)), ballIntervals(BITS));
}

const CLOSED_FORM: Rule = { ...hiddenEntry, id: 'hidden-entry' };
const SHOWN_BITS = 64;
const LAMBDA_BITS = 128;

/** Where the largest entry exceeds all others by at least `gap`: |dy/dx_(2)| is at most a number. */
export function derivativeSentence(output: string, gap: Rational, most: Rational | null): Sentence {
  return special(
    `the supremum of |d ${output}/d x_(2)| over all real inputs whose two largest entries are at least ${gap} apart`,
    { hi: most },
    '\\sup \\Big|\\frac{\\partial y}{\\partial x_{(2)}}\\Big|',
  );
}

/** What was read off the weights, and where the derivative is largest. */
interface Steepest {
  readonly T: number;
  readonly beta: Rational;
  readonly u: Rational;
  readonly w: Rational;
}

/** Applies the rule to a head y = sum_t p_t x_t, p = softmax(beta x): both ends of the supremum. */
export function proveDerivative(network: Network, output: string, gap: Rational): readonly Outcome<Steepest>[] {
  const head = proveSoftMinimumHead(network, output);
  if (head.kind === 'open') return [head];
  const { tokens: T, beta: negative } = head.found;
  const beta = negative.neg();
  const subject = derivativeSentence(output, gap, null);
  const base = { network, domain: null };
  if (beta.sign() <= 0) return [open(hiddenEntry, 'logits', 'y is a soft maximum', `its logits are ${beta} x_t`)];
  const G = beta.mul(gap);
  const { range, u, w } = derivativeBound(T, G);
  const bound = closedBound(T, G);
  const lambda = gapConstant(T, LAMBDA_BITS).hi.toString();
  const found = { T, beta, u, w };
  const searched = range.hi ? range.hi.min(bound) : bound;
  return [
    mint({
      ...{ ...base, rule: CLOSED_FORM, id: 'closed-form', premises: [head], found },
      says: derivativeSentence(output, gap, bound),
      enclosure: { lo: range.lo, hi: bound },
      ...certified(
        ({ hi }) => ({ kind: 'derivative', output, gap: `${gap}`, bound: `${hi ?? bound}` }),
        () => ({ lambda }),
      ),
    }),
    mint({
      ...{ ...base, rule: hiddenEntry, id: 'supremum', premises: [head], found },
      says: within(subject, { lo: range.lo, hi: searched }),
      enclosure: { lo: range.lo, hi: searched },
    }),
    mint({
      ...{ ...base, rule: hiddenEntry, id: 'witness', premises: [head], found },
      says: attained(subject, { lo: range.lo, hi: searched }, 'three levels'),
      at: { x: '(0, -u, -w, ..., -w)', u: u.div(beta).toString(), w: w.div(beta).toString() },
    }),
  ];
}
