import type { Network } from '../../../network/network.js';
import type { ExactTensor } from '../../../network/tensor.js';
import { ballIntervals } from '../../../numbers/balls.js';
import { Rational } from '../../../numbers/rational.js';
import { inputEntry } from '../../../statement/index.js';
import { certified, type Fact, mint } from '../../fact.js';
import { exactly, type Sentence } from '../../sentence.js';
import { tensorIn } from '../input-value.js';
import { prefixText } from '../inputs.js';
import { instanceRule } from '../statement/evidence.js';

const A = ballIntervals(128);

/**
 * For files of this folder: the fact that a statement without a number fails, as the output at one input surely differs from
 * the 0/1 tensor that the statement gives it there; null where it may be that tensor. The input must be one that the
 * statement speaks of. The certificate has the entry that differs; that the statement gives this number is not checked.
 */
export function differing(
  network: Network,
  output: string,
  about: Sentence,
  { input, expected, at }: { input: ExactTensor; expected: readonly number[]; at: Readonly<Record<string, unknown>> },
): Fact<null> | null {
  const [{ attributes }] = network.inputs;
  const found = tensorIn(A, network, output, input);
  const place = found.dense(A.zero).findIndex((value, k) => {
    const [lo, hi] = [A.lower(value), A.upper(value)];
    const wanted = Rational.of(expected[k]);
    return (lo && wanted.lt(lo)) || hi?.lt(wanted);
  });
  if (place < 0) return null;
  const data = {
    kind: 'instance' as const,
    text: `${prefixText(network, {})}${inputEntry(output, found.shape, place)} = ${expected[place]}`,
    point: { [attributes.name]: input.dense(Rational.zero).map(String) },
    holds: false,
  };
  return mint({
    ...{ rule: instanceRule, id: 'witness', network, domain: null, at, found: null },
    says: exactly(about, Rational.one),
    ...certified(() => data),
  });
}
