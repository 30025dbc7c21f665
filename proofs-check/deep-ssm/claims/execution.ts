/** What floats make of the recurrence: the deep network and the one-layer model, side by side. */
import {
  approximate,
  type Claim,
  compile,
  float64,
  impulseResponse,
  lehmer,
  measured,
  type Network,
  notRun,
  poleDenominator,
  Rational,
  REAL_OUTPUT,
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
    const values = impulseValues(target, length);
    const aligned = values.map((value) => (value < 0n ? -1 : 1)).reverse();
    const samples = [randomSigns(length, seed), aligned].map((signs) => ({
      inputs: {
        x: new Tensor(
          [length],
          signs.map((sign) => Rational.of(sign)),
        ),
      },
      expected: outputs(values, signs),
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

/** Outputs are rounded to multiples of 2^-BITS: as fractions they would take thousands of digits. */
const BITS = 512n;
const UNCERTAINTY = Rational.pow2(-Number(BITS));
/** Values of the response are cut to multiples of 2^-(BITS + SPARE), so that sums of 2^SPARE/2 of them are off by at most half of 2^-BITS. */
const SPARE = 64n;

/** The real part of the impulse response of the one-layer model, in units of 2^-(BITS + SPARE), rounded down. */
function impulseValues(target: StateSpace, length: number): bigint[] {
  const values = impulseResponse(target);
  return Array.from({ length }, () => {
    const { numerator, denominator } = values.next().value;
    const scaled = numerator.re << (BITS + SPARE);
    return scaled < 0n ? -((denominator - 1n - scaled) / denominator) : scaled / denominator;
  });
}

/** The real part of the outputs, y(t) = sum_{s <= t} rho(t - s) u(s), to within 2^-BITS. */
function outputs(values: readonly bigint[], signs: readonly number[]): Rational[] {
  return signs.map((_, t) => {
    let sum = 1n << (SPARE - 1n);
    for (let s = 0; s <= t; s++) sum += signs[s] < 0 ? -values[t - s] : values[t - s];
    return Rational.of(sum >> SPARE).mul(UNCERTAINTY);
  });
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
