import { spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandShown } from '../failure.js';
import { bitsOf, costOfProduct, Fraction } from '../fraction.js';
import { fraction, index, list, record } from '../network.js';
import * as R from '../recurrences.js';

const LONGEST = 2 ** 20;

/**
 * Data: a `target` [[t, value], ...], zero at other times, the number of `steps` to run, bounds `lo`, `hi`, and possibly a
 * `bound` below `lo`, of sum_t |rho(t) - target(t)| for the impulse response rho of the network's one recurrence h(t) = A h(t-1), y = c . h. The terms
 * before n = `steps` are added up. For t >= n, |c . h(t)| <= |c|_1 a^(t-n+1) |h(n-1)|_inf with a = |A|_inf < 1, the
 * largest sum of a row's absolute values: so the others add up to at most |c|_1 |h(n-1)|_inf a/(1 - a).
 */
export const responseSum: Rule = ({ network }, data) => {
  const fields = record(data, 'the data', ['target', 'steps', 'lo', 'hi', 'bound']);
  const [n, lo, hi] = [index(fields.steps, LONGEST, 'steps'), fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  demand(n > 0, 'no step is run');
  const target = new Map(
    list(fields.target, 'the target').map((pair) => {
      const [t, value] = list(pair, 'a value of the target');
      return [index(t, n, 'a time of the target'), fraction(value, 'a value of the target')] as const;
    }),
  );
  const chain = R.inIntegers(R.readRecurrences(network));
  const [row, ...others] = [...chain.outputs.values()].flat();
  demand(chain.layers.length === 1 && others.length === 0, 'the network is not one recurrence with one output');
  const common = [...target.values()].reduce((d, value) => R.lcm(d, value.d), 1n);
  const [step, shared] = [bitsOf(chain.step), bitsOf(common)];
  let [total, scale, last]: [bigint, bigint, readonly R.Integer[]] = [0n, 1n, []];
  for (const { b: t, state, own } of R.impulse(chain, n)) {
    spend(50 + 4 * costOfProduct(own.bits, step + shared) + costOfProduct(bitsOf(total), step));
    const stated = target.get(t);
    const value = R.dot([row, state]).n * common - (stated ? R.scaled(stated, common) * own.n : 0n);
    total = total * (t === 0 ? 1n : chain.step) + R.magnitude(value);
    [scale, last] = [own.n, state];
  }
  const sum = Fraction.of(total, scale * common);
  const a = chain.layers[0].A.map(size).reduce((x, y) => (x < y ? y : x), 0n);
  demand(a < chain.step, 'a row of the recurrence has absolute values that add up to 1 or more');
  const rest = last.reduce((most, { n }) => (most < R.magnitude(n) ? R.magnitude(n) : most), 0n) * size(row);
  const tail = Fraction.of(rest * a, scale * (chain.step - a));
  demand(lo.le(sum), () => 'the values do not add up to that much');
  demand(sum.le(hi), 'the values add up to more');
  demandShown(sum.add(tail).le(hi), 'the values may add up to more');
  const { steps: _, ...stated } = fields;
  const bound = fields.bound === undefined ? null : fraction(fields.bound, 'the bound');
  demand(bound === null || bound.lt(lo), 'the bound is not exceeded');
  const values = [...target].map(([t, value]) => `${value} at t = ${t}`);
  return closed(
    { kind: 'response-sum', ...stated },
    `run from state 0 on an input u of any length, the recurrence of the network gives y(t) = sum_{s<=t} rho(t-s) u(s) ` +
      `with ${lo} <= sum_t |rho(t) - target(t)| <= ${hi}, the target being ${values.join(', ') || '0'} and 0 elsewhere` +
      (bound ? `, so that this sum is not at most ${bound}` : ''),
  );
};

function size(row: R.IntegerRow): bigint {
  return row.reduce((total, [, { n }]) => total + R.magnitude(n), 0n);
}
