import type { Rule } from '../fact.js';
import { affineIdentity } from './affine-identity.js';
import { boxDiscrepancy } from './box-discrepancy.js';
import { collision } from './collision.js';
import { composedNet } from './composed-net.js';
import { composedReadout } from './composed-readout.js';
import { composition } from './composition.js';
import { congruence } from './congruence.js';
import { enclosure } from './enclosure.js';
import { exactEvaluation, separation } from './exact-evaluation.js';
import { follows } from './follows.js';
import { hiddenEntry } from './hidden-entry.js';
import { inductionHead } from './induction-head.js';
import { informationFlow } from './information-flow.js';
import { iteratedTooth, sawtooth } from './iterated-tooth.js';
import { lemma } from './lemma.js';
import { mapComposition } from './map-composition.js';
import { mcshane } from './mcshane.js';
import { comparisonTree, monotoneMinimum } from './minimum.js';
import { orthogonalSquares } from './orthogonal-squares.js';
import { pointerComposition } from './pointer-composition.js';
import { poleCounting } from './pole-counting.js';
import { responseDistance } from './response-distance.js';
import { responseSum } from './response-sum.js';
import { rowMeans } from './row-means.js';
import { rowSpread } from './row-spread.js';
import { scalingLimit } from './scaling-limit.js';
import { scoreMaximum } from './score-maximum.js';
import { secondLargest } from './second-largest.js';
import { generation, sequenceMargin } from './sequences.js';
import { hankelValue, orderBarrier, singularValue } from './singular-value.js';
import { counting, size, weight } from './size.js';
import { stateSpace } from './state-space.js';
import { statedLemma } from './stated-lemma.js';
import { instance, statement } from './statement.js';
import { tokenHops } from './token-hops.js';
import { transferIdentity } from './transfer-identity.js';
import { arithmetic, values } from './values.js';

/** Rules that write no names of inputs and outputs, or read them in sentences alone, where none is mistaken for another. */
export const ANY_NAMES: Readonly<Record<string, Rule>> = {
  'statement-bounds': statement,
  slopes: statement,
  instance,
  'stated-lemma': statedLemma,
  'orthogonal-squares': orthogonalSquares,
  counting,
  weight,
  size,
  arithmetic,
  'information-flow': informationFlow,
};

/** Every rule that the checker knows, by its id. To add one: a file beside this one and a row here. */
export const RULES: Readonly<Record<string, Rule>> = {
  ...ANY_NAMES,
  lemma,
  'row-means': rowMeans,
  congruence,
  follows,
  'row-spread': rowSpread,
  'affine-identity': affineIdentity,
  'exact-evaluation': exactEvaluation,
  separation,
  'sup-norm': enclosure,
  'score-maximum': scoreMaximum,
  'second-largest': secondLargest,
  'comparison-tree': comparisonTree,
  'monotone-minimum': monotoneMinimum,
  mcshane,
  'iterated-tooth': iteratedTooth,
  sawtooth,
  'lipschitz-composition': composition,
  'composed-net': composedNet,
  'composed-readout': composedReadout,
  generation,
  'sequence-margin': sequenceMargin,
  'induction-head': inductionHead,
  'hidden-entry': hiddenEntry,
  collision,
  'transfer-identity': transferIdentity,
  'response-sum': responseSum,
  'response-distance': responseDistance,
  'hankel-value': hankelValue,
  'order-barrier': orderBarrier,
  'singular-value': singularValue,
  'state-space': stateSpace,
  'pole-counting': poleCounting,
  'scaling-limit': scalingLimit,
  values,
  'box-counting': boxDiscrepancy,
  'map-composition': mapComposition,
  'pointer-composition': pointerComposition,
  'token-hops': tokenHops,
};
