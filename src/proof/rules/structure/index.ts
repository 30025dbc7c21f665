import { byColumns } from './columns.js';
import { byContraction } from './contraction.js';
import type { Lemma } from './lemma.js';
import { byMinimum } from './minimum.js';
import { byOrthogonalSquares } from './orthogonal.js';
import { byRowSpread } from './row-spread.js';
import { byShare } from './share.js';
import { byDeparture, byDistance, bySlope } from './softmax.js';
import { bySquare } from './square.js';
import { byRowSums, isTotal } from './stochastic.js';

/** Lemmas that are tried before a search. */
const LEMMAS: readonly Lemma[] = [
  byShare,
  byDistance,
  byDeparture,
  bySlope,
  byContraction,
  byColumns,
  byRowSpread,
  byRowSums,
  byMinimum,
  bySquare,
];

/**
 * What the first lemma shows that applies; null where none does. None looks for inputs at which what it bounds has no value: they
 * are about networks all of whose operations have one everywhere, but for one lemma whose conditions say where.
 */
export const byStructure: Lemma = (question) => {
  const { about } = question.names;
  const byConditions = byOrthogonalSquares(question);
  if (byConditions) return byConditions;
  if (!('nodes' in about) || !about.nodes.every(isTotal)) return null;
  for (const lemma of LEMMAS) {
    const proof = lemma(question);
    if (proof) return proof;
  }
  return null;
};
