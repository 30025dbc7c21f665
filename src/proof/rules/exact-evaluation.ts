import { InputError, quote } from '../../errors.js';
import type { Values } from '../../evaluate/evaluate.js';
import { exactSampler } from '../../evaluate/samples.js';
import type { Network } from '../../network/network.js';
import { showShape, sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import type { Rational } from '../../numbers/rational.js';
import { Rational as Q } from '../../numbers/rational.js';
import { type Fact, mint } from '../fact.js';
import { exactly, type Sentence, special } from '../sentence.js';
import type { Rule } from '../step.js';
import { point } from '../verdict.js';
import { shownInputs } from './inputs.js';
import { hashOfList, listed } from './listed.js';

/**
 * The largest error of the network over finitely many inputs, by evaluating it there in rational arithmetic: no
 * rounding, so the value is the error and not a bound of it.
 */
const exactEvaluation: Rule = {
  id: 'exact-evaluation',
  tex: '\\max_k |N(X_k) - y_k| = e \\text{ in rational arithmetic}',
};

export interface Sample {
  readonly inputs: Values<Rational>;
  readonly expected: Rational;
}

/** The error at the worst of the samples (the first of equals), with its number. */
export interface Worst {
  readonly index: number;
  readonly value: Rational;
  readonly error: Rational;
}

/**
 * Applies the rule to the output `output`, a single number: the largest error over the samples, exactly. Throws InputError
 * when the network has none of that name, UnsupportedOperation when the network is not rational.
 */
export function proveByExactEvaluation(
  network: Network,
  output: string,
  samples: readonly Sample[],
  id: string,
): Fact<Worst> {
  const worst = worstOf(network, output, samples);
  return mint({
    rule: exactEvaluation,
    id,
    network,
    domain: null,
    says: exactly(samplesSentence(output, samples, worst.error), worst.error),
    enclosure: point(worst.error),
    where: placeOf(network, samples[worst.index], worst),
    found: worst,
    evidence: (_, { hi }) => ({ output, samples: columns(samples), bound: String(hi) }),
    conclusion: ({ hi }) => ({
      kind: 'samples',
      output,
      count: samples.length,
      sha256: hashOfList(samples, sampleText),
      bound: String(hi),
    }),
  });
}

/** The error at the worst of the samples. */
export function worstOf(network: Network, output: string, samples: readonly Sample[]): Worst {
  const node = network.outputs.find(({ name }) => name === output)?.node;
  if (!node || sizeOf(sizes(node.shape)) !== 1) {
    const found = node ? `output ${quote(output)} of shape ${showShape(node.shape)}` : `no output ${quote(output)}`;
    throw new InputError({ found, allowed: `an output ${quote(output)} that is one number` });
  }
  const valueAt = exactSampler(network, output);
  let worst: Worst = { index: 0, value: Q.zero, error: Q.of(-1) };
  for (const [index, { inputs, expected }] of samples.entries()) {
    const [value] = valueAt(inputs);
    const error = value.sub(expected).abs();
    if (worst.error.lt(error)) worst = { index, value, error };
  }
  return worst;
}

/** The largest |output - expected| over samples that are known by the SHA-256 of their JSON is at most a number. */
export function samplesSentence(output: string, samples: readonly Sample[], most: Rational | null): Sentence {
  const subject = `the largest |${output} - expected| over the ${samples.length} samples of SHA-256 ${hashOfList(samples, sampleText)}`;
  return special(subject, { lo: null, hi: most }, `\\max_{k \\le ${samples.length}} |${output}(X_k) - y_k|`);
}

/** The worst sample, with the number of its place in the list. */
function placeOf(network: Network, { inputs, expected }: Sample, { index, value }: { index: number; value: Rational }) {
  const shown = shownInputs(network, listed(inputs));
  return { sample: index + 1, ...shown, expected: expected.toString(), output: value.toString() };
}

/** The inputs by themselves, as other claims about them list them. */
function columns(samples: readonly Sample[]): object {
  return {
    inputs: samples.map((sample) => listed(sample.inputs)),
    expected: samples.map((sample) => String(sample.expected)),
  };
}

function sampleText({ inputs, expected }: Sample): object {
  return { inputs: listed(inputs), expected: expected.toString() };
}
