import { placeName } from '../atoms.js';
import { closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { single } from '../forms.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { fraction, onlyInput, record, sizeOf } from '../network.js';
import { behind, constantsOf, demandMean } from './row-means.js';
import { demandGapConstant } from './soft-head.js';

/**
 * Data: an `output` y, a `gap` g, `lambda` and a `bound`. y = sum_t p_t x_t over the T >= 2 entries of the one input, p =
 * softmax(beta x). Let the largest entry stand g or more above all others and the second largest, x_s, u/beta below it, G =
 * beta g <= u. Then dy/dx_s = p_s (1 + beta (x_s - y)), p_s <= e^-u, and y lies between x_max and x_max - lambda/beta, where
 * (T - 1) e^(-lambda-1) <= lambda. So |dy/dx_s| <= e^-u max(1 + lambda - u, u - 1), which for u >= G is at most
 *   e^-G max(1 + max(0, lambda - G), G - 1):
 * the first falls while it is positive, e^-u (u - 1) falls from u = 2 on and is below e^-2 before.
 */
export const hiddenEntry: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'gap', 'lambda', 'bound']);
  const node = session.output(fields.output);
  const { nodes } = session.network;
  const of = onlyInput(session.network);
  const T = sizeOf(nodes[of].shape);
  demand(T >= 2 && sizeOf(nodes[node].shape) === 1, 'it is no number of one input');
  const [weights, sum] = ['softmax', 'reduceSum'].map((op) =>
    nodes.findIndex((one) => one.op === op && one.axis === 0),
  );
  demand(weights >= 0 && sum >= 0 && `${nodes[of].shape}` === `${T},1`, 'it is no mean of a column');
  const mean = { values: of, weights, ...behind(session, T, weights, sum), node, column: 0, entry: 0 };
  demand(constantsOf(session, mean).length === 0, 'tokens have constants of their own');
  const { atoms, expressions } = session;
  const beta = session.row(of, mean.logits)[0].terms.get(single(atoms.given(of, 0))) ?? Fraction.zero;
  demand(beta.n > 0n, 'the logits do not rise');
  const logit = expressions.product([expressions.number(beta), expressions.variable(placeName(of, 0))]);
  demandMean(session, mean, [1], () => logit);
  const [gap, lambda, bound] = [fields.gap, fields.lambda, fields.bound].map((value) => fraction(value, 'a number'));
  demand(gap.n >= 0n, 'the gap is negative');
  demandGapConstant(T - 1, lambda);
  const G = beta.mul(gap);
  const growth = I.exp(I.interval(G));
  demand(growth !== null, 'the gap is too large');
  const most = Fraction.one.add(Fraction.zero.max(lambda.sub(G))).max(G.sub(Fraction.one));
  demand(most.le(bound.mul(I.lower(growth))), `the bound ${bound} is not shown`);
  const { name } = nodes[of];
  return closed(
    { kind: 'derivative', output: fields.output, gap: fields.gap, bound: fields.bound },
    `for all real ${name} of ${T} entries whose largest one exceeds the others by at least ${gap}: the derivative of ` +
      `${fields.output} by the second largest entry is at most ${bound} in absolute value`,
  );
};
