import type { Rule } from '../fact.js';
import { demand } from '../failure.js';
import { equal, scale, single } from '../forms.js';
import { Fraction } from '../fraction.js';
import { fraction, record } from '../network.js';
import { isGapConstant } from './soft-head.js';

/**
 * Data: an `output`, `lambda` and `hi`, its bound. The output is sum_t p_t x_t over a column of any number T of inputs, with p =
 * softmax(-beta x), read off the operations and one token: so for all real x it lies between min x and min x + lambda/beta,
 * where (T - 1) e^(-lambda-1) <= lambda.
 */
export const alikeTokens: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'lambda', 'hi']);
  const { nodes } = session.network;
  const of = (k: number, op: string) => {
    demand(nodes[k].op === op, `node ${k} is no ${op}`);
    return nodes[k];
  };
  const end = session.output(fields.output);
  const sum = nodes[end].op === 'reshape' ? nodes[end].inputs[0] : end;
  const total = of(sum, 'reduceSum');
  const parts = of(total.inputs[0], 'mul').inputs;
  const [weights, value] = nodes[parts[0]].op === 'softmax' ? parts : [parts[1], parts[0]];
  const [logits] = of(weights, 'softmax').inputs;
  const [x, ...others] = nodes.flatMap(({ op }, k) => (op === 'input' ? [k] : []));
  demand(x !== undefined && others.length === 0, 'it has not one input');
  const [T] = nodes[x].shape;
  const column = [x, value, logits, weights, total.inputs[0]].every((k) => `${nodes[k].shape}` === `${T},1`);
  const isSum =
    [total, nodes[weights]].every(({ axis }) => axis === 0) && [sum, end].every((k) => `${nodes[k].shape}` === '1');
  demand(column && isSum && T > 1, 'it is no sum over a column of inputs');
  const token = session.atoms.given(x, 0);
  const [[logit], [entry]] = [session.row(x, logits), session.row(x, value)];
  const beta = logit.terms.get(single(token))?.neg() ?? Fraction.zero;
  const isFalling = beta.n > 0n && equal(logit, scale(token, beta.neg()));
  demand(isFalling, 'the logits are no falling multiples of the tokens');
  demand(equal(entry, token), 'the values are not the tokens');
  const [lambda, hi] = [fraction(fields.lambda, 'lambda'), fraction(fields.hi, 'the bound')];
  demand(isGapConstant(T - 1, lambda), `${T - 1} e^(-lambda - 1) is not shown to be at most lambda = ${lambda}`);
  demand(lambda.le(hi.mul(beta)), `the bound ${hi} is below lambda/beta`);
  const { name } = nodes[x];
  const target = `min_{t in 1..${T}}(${name}[t,1])`;
  return {
    kind: 'closed',
    conclusion: {
      kind: 'approximation',
      output: fields.output,
      domain: { [name]: null },
      target,
      lo: '0',
      hi: fields.hi,
    },
    statement: `for all ${name} in R^(${T}x1): 0 <= ${fields.output} - (${target}) <= ${hi}`,
  };
};
