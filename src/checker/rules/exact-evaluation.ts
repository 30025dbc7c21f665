import { spend } from '../budget.js';
import { sha256 } from '../digest.js';
import { entry, evaluate } from '../evaluate.js';
import { closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { constantForm, isConstant } from '../forms.js';
import type { Fraction } from '../fraction.js';
import { type Numbers, numbersOf } from '../inputs.js';
import { fraction, list, record, sizeOf } from '../network.js';
import { pieces } from '../samples.js';
import type { Session } from '../session.js';

/**
 * Data: an `output` of one number, `samples` [{inputs: {x: [numbers in row-major order]}, expected}], or {inputs: [...],
 * expected: [...]}, and a `bound`. The network's value at each sample is worked out in rational numbers.
 */
export const exactEvaluation: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'samples', 'bound']);
  const node = session.output(fields.output);
  demand(sizeOf(session.network.nodes[node].shape) === 1, 'the output is not one number');
  const bound = fraction(fields.bound, 'the bound');
  const samples = samplesOf(fields.samples);
  demand(samples.length > 0, 'there are no samples');
  const exactly = sampler(session, node, samples.length);
  for (const [k, value] of samples.entries()) {
    const { inputs, expected } = record(value, `sample ${k}`, ['inputs', 'expected']);
    const found = exactly(inputs);
    const error = found.sub(fraction(expected, `the expected value of sample ${k}`)).abs();
    demand(error.le(bound), () => `at sample ${k} the output is ${found}, expected is ${expected}`);
  }
  const hash = sha256(samples);
  return closed(
    { kind: 'samples', output: fields.output, count: samples.length, sha256: hash, bound: `${bound}` },
    `at each of the ${samples.length} inputs listed in the certificate (SHA-256 ${hash}) ` +
      `|${fields.output} - (the number listed with it)| <= ${bound}`,
  );
};

/** The list of samples, where their inputs are listed by themselves. */
function samplesOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const { inputs, expected } = record(value, 'samples', ['inputs', 'expected']);
  const numbers = list(expected, 'expected');
  return list(inputs, 'inputs').map((one, k) => ({ inputs: one, expected: numbers[k] }));
}

/**
 * Data: a `node` of one number and `inputs` [{x: [numbers in row-major order]}]. Its values there, in rational numbers, and
 * the least distance between two of them.
 */
export const separation: Rule = (session, data) => {
  const fields = record(data, 'the data', ['node', 'inputs']);
  const [node, inputs] = [session.node(fields.node), list(fields.inputs, 'inputs')];
  demand(sizeOf(session.network.nodes[node].shape) === 1, `node ${node} is not one number`);
  demand(inputs.length > 0, 'there are no inputs');
  spend(50 * inputs.length);
  const values = inputs.map(sampler(session, node, inputs.length)).sort((a, b) => a.compare(b));
  const gaps = values.slice(1).map((value, k) => value.sub(values[k]));
  const least = gaps.length === 0 ? 'none' : `${gaps.reduce((a, b) => a.min(b))}`;
  const hash = sha256(inputs);
  return closed(
    { kind: 'separation', node, count: inputs.length, sha256: hash, least },
    gaps.length === 0
      ? `the certificate lists one input (SHA-256 ${hash}), so that no two values of node ${node} are to be told apart`
      : `the values of node ${node} at two of the ${inputs.length} inputs listed in the certificate (SHA-256 ${hash}) are at ` +
          `least ${least} apart, and those of some two no more`,
  );
};

/** The exact value of a node of one number at inputs, of which so many are asked for. */
function sampler(session: Session, node: number, count: number): (inputs: unknown) => Fraction {
  const quickly = count >= MANY ? pieces(session, node) : null;
  return (inputs) => {
    const numbers = numbersOf(session.network, inputs);
    return quickly?.(numbers) ?? valueAt(session, node, numbers);
  };
}

/** Samples that repay the search for pieces. */
const MANY = 16;

/** The exact value of a node of one entry where the inputs are the listed numbers. */
function valueAt({ network, atoms }: Session, node: number, numbers: Numbers): Fraction {
  const given = new Map(
    [...numbers].map(([k, list]) => {
      const entries = new Map(list.map((number, at) => [at, constantForm(number)]));
      return [k, { shape: network.nodes[k].shape, entries }] as const;
    }),
  );
  const form = entry(evaluate(network, atoms, given, [node])[0], 0);
  demand(isConstant(form), 'the value is no rational number');
  return form.constant;
}
