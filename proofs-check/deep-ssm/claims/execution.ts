/** What floats make of the recurrence: the deep network and the one-layer model, side by side. */
import {
  approximate,
  type Claim,
  compile,
  float64,
  lehmer,
  measured,
  type Network,
  notRun,
  poleDenominator,
  Rational,
  REAL_OUTPUT,
  response,
  runSamples,
  type StateSpace,
  Tensor,
  toDecimal,
} from '../../../src/index.js';
import type { Targeted } from './identity.js';

export interface Runnable extends Targeted {
  /** The one-layer model as a network of the same length. */
  readonly shallow: Network;
  /** What the audited network is called beside it. */
  readonly label: string;
}

/** Binary digits of an exact output that a measurement is compared with. */
const LONGEST_OUTPUT = 1 << 14;

/**
 * Two inputs of signs, one pseudo-random and one aligned with the impulse response, so that the last output is the
 * largest that inputs of modulus 1 can reach, sum |rho(t)| for a real response.
 */
export const executionClaim = measured<Claim<unknown, Runnable>>({
  id: 'execution',
  kind: 'execution',
  statement: 'the error of the recurrence in this format and provider is at most the bound computed for it',
  tex: '|\\mathrm{fl}(y(t)) - y(t)| \\le B',
  prove: async ({ network, design: { target, shallow, label }, execution, theorem, progress, seed }) => {
    if (execution.length === 0) return [];
    const length = network.inputs[0]?.shape[0]?.size ?? 0;
    const digits = poleDenominator(target).toString(2).length * length;
    if (digits > LONGEST_OUTPUT)
      return notRun(`the exact outputs would have ${digits} binary digits, more than ${LONGEST_OUTPUT}`);
    const samples = [randomSigns(length, seed), alignedSigns(target, length)].map((signs) => ({
      inputs: {
        x: new Tensor(
          [length],
          signs.map((sign) => Rational.of(sign)),
        ),
      },
      expected: outputs(target, signs),
      uncertainty: UNCERTAINTY,
    }));
    const models = Object.entries({ [label]: network, shallow }).map(([name, model]) => {
      const largest = toDecimal(largestState(model, samples), 4, 'nearest');
      return { name, model, fact: `largest intermediate value ${largest}, computed in float64` };
    });
    const findings = [];
    for (const run of execution) {
      for (const { name, model, fact } of models) {
        const finding = await runSamples(model, REAL_OUTPUT, samples, run, { theorem, progress });
        findings.push({ ...finding, facts: [...(finding.facts ?? []), fact], suffix: `${name}.${finding.suffix}` });
      }
    }
    return findings;
  },
});

/** Outputs are cut to multiples of 2^-BITS: as fractions they would take thousands of digits. */
const BITS = 512n;
const UNCERTAINTY = Rational.pow2(-Number(BITS));

/** The real part of the outputs of the one-layer model. */
function outputs(target: StateSpace, signs: readonly number[]): Rational[] {
  const values = response(target, (t) => BigInt(signs[t]));
  return signs.map(() => {
    const { numerator, denominator } = values.next().value;
    return Rational.of((numerator.re << BITS) / denominator).mul(UNCERTAINTY);
  });
}

function alignedSigns(target: StateSpace, length: number): number[] {
  const values = response(target, (t) => (t === 0 ? 1n : 0n));
  return Array.from({ length }, () => (values.next().value.numerator.re < 0n ? -1 : 1)).reverse();
}

function randomSigns(length: number, seed: number): number[] {
  const random = lehmer(seed);
  return Array.from({ length }, () => (random() < 1 / 2 ? -1 : 1));
}

/** The largest |h_k(t)| of all layers. */
function largestState(network: Network, samples: readonly { inputs: { x: Tensor<Rational> } }[]): Rational {
  const states = network.nodes.filter(({ op }) => op === 'recurrence');
  const evaluate = compile(network.upTo(...states), float64);
  let largest = 0;
  for (const { inputs } of samples) {
    const values = evaluate({ x: inputs.x.map(approximate) });
    for (const { data } of Object.values(values)) for (const h of data) largest = Math.max(largest, Math.abs(h));
  }
  return Number.isFinite(largest) ? Rational.of(BigInt(Math.round(largest * 2 ** 20)), 1n << 20n) : Rational.zero;
}
