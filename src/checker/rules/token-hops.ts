import { borrow, spend } from '../budget.js';
import { entry } from '../evaluate.js';
import { closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { isConstant } from '../forms.js';
import { Fraction } from '../fraction.js';
import { index, record } from '../network.js';
import type { Session } from '../session.js';
import { argumentsOf, clipped, demandGap, leadersOf, onlyMatrix, powerOf, scoresOf } from './pointer-composition.js';

const MOST_POWER = 2 ** 31;
const THIRD = Fraction.of(1, 3n);

/**
 * Data: an `output` and a `power`. The input has T rows, zeros for the start and unit vectors for letters. u = clip(softmax(b S) x), S
 * the matrix of the places before, holds the letter before each place, exactly. For c > 0 the scores c <x_t, u_s> + C_ts lead at
 * p(t), the latest s <= t with u_s = x_t, or 0 without one, by what C_{t,s+1} - C_ts, c + C_t1 - C_t0 and C_t0 - C_tt for 1 <= s < t
 * and C_t0 - c - C_ts for s > t are at least, and their clipped softmax is the matrix of p. Products of such matrices are composed
 * as by the rule pointer-composition, and the output is one of them times x.
 */
export const tokenHops: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'power']);
  const { nodes } = session.network;
  const x = onlyMatrix(session);
  const [T, m] = nodes[x].shape;
  demand(T > 1, 'the input is no text');
  const [top, letters] = argumentsOf(session, session.output(fields.output), 'matmul');
  demand(letters === x, 'the output is no matrix times the text');
  const power = index(fields.power, MOST_POWER, 'the power');
  const found = powerOf(session, top, T, (k) => {
    const mean = clipped(session, k);
    const isFirst = nodes[mean].op === 'softmax';
    if (isFirst) demandFinding(session, scoresOf(session, mean), x);
    return isFirst;
  });
  demand(found === power, () => `the power is ${found}`);
  return closed(
    { kind: 'token-hops', ...fields },
    `for all texts of ${T - 1} letters of ${m}, unit vectors behind a start of zeros, row t of ${fields.output} is the row of the input ` +
      `${power} hops from t, a hop leading behind the latest earlier occurrence of the letter at a place, and to the start without one`,
  );
};

/** That scores lead, by a gap that suffices, at the place that a hop leads to. */
function demandFinding(session: Session, scores: number, x: number): void {
  const { nodes } = session.network;
  const [T] = nodes[x].shape;
  const [weighted, offsets] = argumentsOf(session, scores, 'add');
  const [strength, matches] = argumentsOf(session, weighted, 'mul');
  const [own, turned] = argumentsOf(session, matches, 'matmul');
  const [before] = argumentsOf(session, turned, 'transpose');
  const [shares, others] = argumentsOf(session, clipped(session, before), 'matmul');
  const isOfLetters = own === x && others === x && `${nodes[before].shape}` === `${nodes[x].shape}`;
  demand(isOfLetters && `${nodes[turned].indices}` === '1,0', 'matches of something else than the letters');
  const isBefore = leadersOf(session, shares, THIRD).every((place, t) => place === Math.max(0, t - 1));
  demand(isBefore, 'an attention to other places than those before');
  const [[c, ...more], C] = [session.entries(strength), session.value(offsets)];
  demand(more.length === 0 && [c, ...C.entries.values()].every(isConstant), 'scores are weighted by an input');
  demand(
    c.constant.n > 0n && `${C.shape}` === `${T},${T}`,
    'a strength that is not positive, or offsets that are none of places',
  );
  spend(20 * T * T);
  borrow(8 * T);
  const at = (t: number, s: number) => entry(C, t * T + s).constant;
  let gap: Fraction | null = null;
  const lead = (value: Fraction) => {
    if (gap === null || value.lt(gap)) gap = value;
  };
  for (let t = 0; t < T; t++) {
    for (let s = 1; s < t; s++) lead(at(t, s + 1).sub(at(t, s)));
    if (t > 0) lead(c.constant.add(at(t, 1)).sub(at(t, 0)));
    if (t > 0) lead(at(t, 0).sub(at(t, t)));
    for (let s = t + 1; s < T; s++) lead(at(t, 0).sub(c.constant).sub(at(t, s)));
  }
  demandGap(gap!, T);
}
