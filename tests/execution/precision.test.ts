import { describe, expect, test } from 'vitest';
import { FEATURES, RETRIEVED, retrievalNetwork } from '../../constructions/multi-head.js';
import { readTask } from '../../constructions/retrieval-task.js';
import { retrievalDeviation } from '../../proofs-check/head-count/retrieval/precision.js';
import { ACCURACY } from '../../src/evaluate/accuracy.js';
import type { Departure } from '../../src/evaluate/deviation.js';
import { OverflowPossible } from '../../src/evaluate/rounded.js';
import { domainDeviation, precisionAdvice } from '../../src/execution/precision.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { withConstants } from '../generators/rebuild.js';

describe('advice on precision', () => {
  const perFormat = ({ weights }: Departure) => 2 ** -weights.precision;
  const none = Rational.zero;

  test.each<[Rational, RegExp]>([
    [Rational.pow2(-8), /^smallest format .* bfloat16 weights in float32 arithmetic$/],
    [Rational.pow2(-11), /^smallest format .* float16$/],
    [Rational.pow2(-12), /^smallest format .* float32$/],
    [Rational.pow2(-53), /^smallest format .* float64$/],
    [Rational.pow2(-54), /^in no format/],
  ])('names the smallest format that keeps %s', (eps, expected) => {
    expect(precisionAdvice(perFormat, none, eps, 'cpu')[1]).toMatch(expected);
  });

  test('counts the approximation', () => {
    const eps = Rational.pow2(-11);
    expect(precisionAdvice(perFormat, eps, eps, 'cpu')[1]).toMatch(/in no format/);
  });

  test('knows of formats that overflow, and of networks that it cannot read', () => {
    const overflowing = (departure: Departure) => {
      if (departure.weights === FORMATS.float16) throw new OverflowPossible(FORMATS.float16);
      return perFormat(departure);
    };
    expect(precisionAdvice(overflowing, none, Rational.pow2(-11), 'cpu').join()).toMatch(/float16 unbounded.*float32$/);
    expect(domainDeviation(overflowing, { provider: 'cpu', dtype: 'float16' })).toBeNull();
    expect(domainDeviation(() => null, { provider: 'cpu', dtype: 'float64' })).toBeNull();
  });
});

describe('the deviation of a retrieval network', () => {
  const text = (value: string) => ({ text: value, place: {} });
  const task = readTask({ T: 6, d: 1 }, {
    features: [text('x1')],
    positions: [text('1..4')],
    readout: text('z1'),
  } as never);
  const choices = { eps: Rational.of(1, 20), lipschitz: Rational.one, beta: undefined, R: undefined, delta: undefined };
  const { network } = retrievalNetwork(task, choices);
  const bounds = [{ least: Rational.zero, most: Rational.one }];
  const departure: Departure = {
    weights: FORMATS.float32,
    execution: { format: FORMATS.float32, device: ACCURACY.cpu },
  };
  const deviationOf = (of: typeof network) =>
    retrievalDeviation(of, { features: FEATURES, retrieved: RETRIEVED }, task, bounds)(departure);

  test('is small in float32, and smaller in float64', () => {
    expect(deviationOf(network)).toBeLessThan(1e-4);
    expect(deviationOf(network)).toBeGreaterThan(2 ** -24);
  });

  test('is unknown when the values are not the features', () => {
    const doubled = withConstants(network, (value, name) =>
      name === 'W_V' ? value.map((entry) => entry.mul(Rational.of(2))) : value,
    );
    expect(deviationOf(doubled)).toBeNull();
  });

  test('grows with the inverse temperature only as the lemma says', () => {
    const sharper = withConstants(network, (value, name) =>
      name === 'beta' ? value.map((entry) => entry.mul(Rational.of(16))) : value,
    );
    expect(deviationOf(sharper)!).toBeLessThan(3 * deviationOf(network)!);
  });
});
