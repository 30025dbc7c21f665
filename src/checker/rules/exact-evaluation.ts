import { entry, evaluate } from '../evaluate.js';
import type { Rule } from '../fact.js';
import { demand } from '../failure.js';
import { constantForm, isConstant } from '../forms.js';
import type { Fraction } from '../fraction.js';
import { type Numbers, numbersOf } from '../inputs.js';
import { fraction, list, record, sizeOf } from '../network.js';
import { pieces } from '../samples.js';
import type { Session } from '../session.js';
import { sha256 } from '../words.js';

/**
 * Data: an `output` of one number, `samples` [{inputs: {x: [numbers in row-major order]}, expected}] and a `bound`. The
 * network's value at each sample is worked out in rational numbers.
 */
export const exactEvaluation: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'samples', 'bound']);
  const node = session.output(fields.output);
  demand(sizeOf(session.network.nodes[node].shape) === 1, 'the output is not one number');
  const bound = fraction(fields.bound, 'the bound');
  const samples = list(fields.samples, 'samples');
  demand(samples.length > 0, 'there are no samples');
  const quickly = samples.length >= MANY ? pieces(session, node) : null;
  for (const [k, value] of samples.entries()) {
    const { inputs, expected } = record(value, `sample ${k}`, ['inputs', 'expected']);
    const numbers = numbersOf(session.network, inputs);
    const found = quickly?.(numbers) ?? valueAt(session, node, numbers);
    const error = found.sub(fraction(expected, `the expected value of sample ${k}`)).abs();
    demand(error.le(bound), () => `at sample ${k} the output is ${found}, expected is ${expected}`);
  }
  const hash = sha256(samples);
  return {
    kind: 'closed',
    conclusion: { kind: 'samples', output: fields.output, count: samples.length, sha256: hash, bound: `${bound}` },
    statement:
      `at each of the ${samples.length} inputs listed in the certificate (SHA-256 ${hash}) ` +
      `|${fields.output} - (the number listed with it)| <= ${bound}`,
  };
};

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
