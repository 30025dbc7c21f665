/**
 * Generalised D-retrieval: H(X) = F_0(z_1, ..., z_D) with z_i(X) = min over t in S_i of f_i(x^t), X in [0,1]^{dT}.
 */
import {
  type Expression,
  InputError,
  type Located,
  type Place,
  parseExpression,
  placed,
  quote,
  Rational,
  type Span,
} from '../src/index.js';

export interface RetrievalTask {
  readonly T: number;
  readonly d: number;
  /** f_i in the variables x1, ..., xd (also x when d = 1). */
  readonly features: readonly Expression[];
  /** S_i, counted from 0, increasing. */
  readonly positions: readonly (readonly number[])[];
  /** F_0 in z1, ..., zD. */
  readonly readout: Expression;
  /** Where the texts stand, for messages about nets that cannot be built. */
  readonly places: { readonly features: readonly Place[]; readonly readout: Place };
}

/** The names of the coordinates of a token. */
export function coordinateNames(d: number): string[] {
  return Array.from({ length: d }, (_, j) => `x${j + 1}`);
}

/** [0, 1] for each coordinate of a token. */
export function unitSides(d: number): Span[] {
  return Array.from({ length: d }, () => ({ lo: Rational.zero, hi: Rational.one }));
}

export function readoutNames(D: number): string[] {
  return Array.from({ length: D }, (_, i) => `z${i + 1}`);
}

/** Reads a task from its texts. Throws InputError that names the field. */
export function readTask(
  { T, d }: { T: number; d: number },
  texts: { features: readonly Located[]; positions: readonly Located[]; readout: Located },
): RetrievalTask {
  const D = texts.features.length;
  if (D === 0) throw new InputError({ field: 'features', found: 'no features', allowed: 'at least one' });
  if (texts.positions.length !== D) {
    throw new InputError({
      field: 'positions',
      found: `${texts.positions.length} position sets`,
      allowed: `one per feature, ${D}`,
    });
  }
  return {
    T,
    d,
    features: texts.features.map((text) => placed(text.place, () => parseExpression(text.text, coordinateNames(d)))),
    positions: texts.positions.map((text) => placed(text.place, () => readPositions(text.text, T))),
    readout: placed(texts.readout.place, () => parseExpression(texts.readout.text, readoutNames(D))),
    places: { features: texts.features.map(({ place }) => place), readout: texts.readout.place },
  };
}

/** Reads `1..32` or `1, 3, 5..9` (positions count from 1, ends included) to increasing positions from 0. */
export function readPositions(text: string, T: number): number[] {
  const allowed = `positions from 1 to ${T}, such as 1..${T} or 1, 3, 5..${T}`;
  const positions = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,9})\s*(?:\.\.\s*(\d{1,9})\s*)?$/.exec(part);
    const [first, last] = match ? [Number(match[1]), Number(match[2] ?? match[1])] : [0, -1];
    if (!match || first < 1 || last > T || first > last) throw new InputError({ found: quote(text), allowed });
    for (let t = first; t <= last; t++) positions.add(t - 1);
  }
  return [...positions].sort((a, b) => a - b);
}
