import { compile } from '../../../evaluate/evaluate.js';
import { intervals } from '../../../evaluate/intervals.js';
import type { Network } from '../../../network/network.js';
import type { ExactTensor } from '../../../network/tensor.js';
import { ballIntervals } from '../../../numbers/balls.js';
import { Rational } from '../../../numbers/rational.js';
import { type Fact, mint } from '../../fact.js';
import { exactly, type Sentence } from '../../sentence.js';
import { evaluation } from '../evaluation.js';

const A = ballIntervals(128);

/**
 * For files of this folder: the fact that a statement without a number fails, as the output at one input surely differs from the 0/1 tensor that the
 * statement gives it there; null where it may be that tensor. The input must be one that the statement speaks of.
 */
export function differing(
  network: Network,
  output: string,
  about: Sentence,
  { input, expected, at }: { input: ExactTensor; expected: readonly number[]; at: Readonly<Record<string, unknown>> },
): Fact<null> | null {
  const [{ attributes }] = network.inputs;
  const found = compile(network, intervals(A))({ [attributes.name]: input.map(A.of) })[output].dense(A.zero);
  const differs = found.some((value, k) => {
    const [lo, hi] = [A.lower(value), A.upper(value)];
    const wanted = Rational.of(expected[k]);
    return (lo && wanted.lt(lo)) || hi?.lt(wanted);
  });
  if (!differs) return null;
  const says = exactly(about, Rational.one);
  return mint({ rule: evaluation, id: 'witness', network, domain: null, at, says, found: null });
}
