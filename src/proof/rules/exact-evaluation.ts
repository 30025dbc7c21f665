import { createHash } from 'node:crypto';
import { InputError, quote } from '../../errors.js';
import { compile, type Values } from '../../evaluate/evaluate.js';
import { exact } from '../../evaluate/exact.js';
import type { Network } from '../../network/network.js';
import { showShape, sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import type { Rational } from '../../numbers/rational.js';
import { Rational as Q } from '../../numbers/rational.js';
import type { Rule, Step } from '../step.js';
import { atMost, point } from '../verdict.js';

/**
 * The largest error of the network over finitely many inputs, by evaluating it there in rational arithmetic: no
 * rounding, so the value is the error and not a bound of it.
 */
export const exactEvaluation: Rule = {
  id: 'exact-evaluation',
  tex: '\\max_k |N(X_k) - y_k| = e \\text{ in rational arithmetic}',
};

export interface Sample {
  readonly inputs: Values<Rational>;
  readonly expected: Rational;
}

/** The error at the worst of the samples (the first of equals), with its number. */
export interface ExactError {
  readonly step: Step;
  readonly worst: { readonly index: number; readonly value: Rational; readonly error: Rational };
}

/**
 * Applies the rule to the output `output`, a single number. Throws InputError when the network has none of that name,
 * UnsupportedOperation when the network is not rational.
 */
export function proveByExactEvaluation(
  network: Network,
  output: string,
  samples: readonly Sample[],
  bound: Rational,
  id: string,
  statement: string,
): ExactError {
  const node = network.outputs.find(({ name }) => name === output)?.node;
  if (!node || sizeOf(sizes(node.shape)) !== 1) {
    const found = node ? `output ${quote(output)} of shape ${showShape(node.shape)}` : `no output ${quote(output)}`;
    throw new InputError({ found, allowed: `an output ${quote(output)} that is one number` });
  }
  const evaluate = compile(network, exact);
  let worst = { index: 0, value: Q.zero, error: Q.of(-1) };
  for (const [index, { inputs, expected }] of samples.entries()) {
    const value = evaluate(inputs)[output].dense(Q.zero)[0];
    const error = value.sub(expected).abs();
    if (worst.error.lt(error)) worst = { index, value, error };
  }
  const enclosure = point(worst.error);
  const verdict = atMost(enclosure, bound);
  const base = { id, rule: exactEvaluation.id, statement, verdict, enclosure };
  if (verdict !== 'proved') return { worst, step: base };
  const data = (audited: Network) =>
    audited === network ? { output, samples: samples.map(sampleText), bound: bound.toString() } : null;
  const conclusion = () => {
    const hash = createHash('sha256').update(JSON.stringify(samples.map(sampleText)));
    const count = samples.length;
    return { kind: 'samples' as const, output, count, sha256: hash.digest('hex'), bound: bound.toString() };
  };
  return { worst, step: { ...base, data, conclusion } };
}

function sampleText({ inputs, expected }: Sample): object {
  const texts = Object.entries(inputs).map(([name, value]) => [name, value.dense(Q.zero).map(String)]);
  return { inputs: Object.fromEntries(texts), expected: expected.toString() };
}
