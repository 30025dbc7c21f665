import { coordinateNames, type RetrievalTask, readoutNames } from '../../../constructions/retrieval-task.js';
import {
  InputError,
  type Located,
  lipschitzConstant,
  neg,
  placed,
  Rational,
  supremum,
  toDecimal,
  unitBox,
} from '../../../src/index.js';

/** L_0 of the readout on [0, 1]^D, in the max-norm. */
export function readoutLipschitz({ features, readout }: RetrievalTask): Rational {
  const unit = { lo: Rational.zero, hi: Rational.one };
  return lipschitzConstant(readout, new Map(readoutNames(features.length).map((name) => [name, unit]))).upper;
}

const MOST_BOXES = 20_000;
const FINE = Rational.pow2(-20);

/** Throws InputError with the place where a feature leaves [0, 1], when one is found that does. */
export function checkRanges({ d, features }: RetrievalTask, texts: readonly Located[]): void {
  const names = coordinateNames(d);
  const box = unitBox(names);
  for (const [i, feature] of features.entries()) {
    for (const { expression, bound, side } of [
      { expression: feature, bound: Rational.one, side: 'above 1' },
      { expression: neg(feature), bound: Rational.zero, side: 'below 0' },
    ]) {
      placed(texts[i].place, () => {
        const { lo, witness } = supremum([expression], box, { mostBoxes: MOST_BOXES, absoluteWidth: FINE, bound });
        if (lo.le(bound)) return;
        const at = names.map((name, j) => `${name} = ${toDecimal(witness[j], 6, 'nearest')}`).join(', ');
        throw new InputError({ found: `feature ${i + 1} is ${side} at ${at}`, allowed: 'values in [0,1] on [0,1]^d' });
      });
    }
  }
}
