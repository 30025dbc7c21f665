import { borrow, spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandEach } from '../failure.js';
import { constantForm, difference, equal, type Form, isConstant, scale, single } from '../forms.js';
import { Fraction } from '../fraction.js';
import { index, onlyInput, record } from '../network.js';
import type { Session } from '../session.js';
import { decayed } from './soft-head.js';

const MOST_POWER = 2 ** 31;
const [TWO, HALF, THIRD] = [Fraction.of(2), Fraction.of(1, 2n), Fraction.of(1, 3n)];

/**
 * Data: an `output` of the shape [n, n] and a `power`. For the matrix of a map p of n places, 1 at (t, p(t)), as the input the
 * output is that of p applied so often: see `powerOf`.
 */
export const pointerComposition: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'power']);
  const x = onlyMatrix(session);
  const output = session.output(fields.output);
  const [n] = session.network.nodes[x].shape;
  const power = index(fields.power, MOST_POWER, 'the power');
  const found = powerOf(session, output, n, (k) => k === x);
  demand(found === power, () => `the power is ${found}`);
  return closed(
    { kind: 'pointer-composition', ...fields },
    `for all maps p of ${n} places, whose matrix is the input, ${fields.output} is the matrix of p^${power}`,
  );
};

/** The one input; all that is made of it must be matrices: rows and columns are meant, and a third axis would move them. */
export function onlyMatrix({ network }: Session): number {
  demandEach(network.nodes, ({ op, shape }) => op === 'constant' || shape.length === 2, 'a tensor that is no matrix');
  return onlyInput(network);
}

/**
 * The power of a map p of n places whose matrix a node is, where `isFirst` says which nodes are that of p. The nodes relu(2 V - 1/2) -
 * relu(2 V - 3/2) with V = softmax(b X) Y are matrices of powers whose exponents are the sums of those of X and Y, when (n - 1) exp(-b) <=
 * 1/3: then V is at least 3/4 where the product of X and Y is 1, and at most 1/4 elsewhere.
 */
export function powerOf(
  session: Session,
  k: number,
  n: number,
  isFirst: (k: number) => boolean,
  known: Map<number, number> = new Map(),
): number {
  spend(100);
  let power = known.get(k);
  if (power === undefined) {
    demand(`${session.network.nodes[k].shape}` === `${n},${n}`, () => `node ${k} is no matrix of order ${n}`);
    if (isFirst(k)) power = 1;
    else {
      const [shares, values] = argumentsOf(session, clipped(session, k), 'matmul');
      const keys = keysOf(session, scoresOf(session, shares), n);
      power = powerOf(session, keys, n, isFirst, known) + powerOf(session, values, n, isFirst, known);
    }
    known.set(k, power);
  }
  return power;
}

/** The arguments of a node, which must be of that operation. */
export function argumentsOf({ network: { nodes } }: Session, k: number, op: string): readonly number[] {
  demand(nodes[k].op === op, () => `node ${k} is ${nodes[k].op} and not ${op}`);
  return nodes[k].inputs;
}

/** What a node is made of, constants aside. */
function varying({ network: { nodes } }: Session, k: number): number {
  const found = nodes[k].inputs.find((input) => nodes[input].op !== 'constant');
  demand(found !== undefined, () => `node ${k} is made of constants`);
  return found;
}

/** The V of relu(2 V - 1/2) - relu(2 V - 3/2): the next product or softmax below. */
export function clipped(session: Session, k: number): number {
  const { atoms, network } = session;
  let mean = k;
  while (!['matmul', 'softmax'].includes(network.nodes[mean].op)) mean = varying(session, mean);
  const isClipped = (form: Form, j: number) => equal(form, ramp(session, scale(atoms.given(mean, j), TWO), HALF));
  demand(mean !== k && session.row(mean, k).every(isClipped), () => `node ${k} is another clipping`);
  return mean;
}

/** relu(form - c) - relu(form - c - 1): 0 up to c, 1 from c + 1 on. */
export function ramp({ atoms }: Session, form: Form, c: Fraction): Form {
  const [low, high] = [c, c.add(Fraction.one)].map((at) => atoms.relu(difference(form, constantForm(at))));
  return difference(low, high);
}

/** What a softmax along rows is taken of. */
export function scoresOf(session: Session, shares: number): number {
  const [scores] = argumentsOf(session, shares, 'softmax');
  demand(session.network.nodes[shares].axis === 1, 'a softmax along columns');
  return scores;
}

/** The X of scores b X with (n - 1) exp(-b) <= 1/3. */
function keysOf(session: Session, scores: number, n: number): number {
  const { atoms } = session;
  const keys = varying(session, scores);
  const forms = session.row(keys, scores);
  const b = forms[0].terms.get(single(atoms.given(keys, 0))) ?? Fraction.zero;
  const isMultiple = forms.every((form, j) => equal(form, scale(atoms.given(keys, j), b)));
  demand(isMultiple, () => `node ${scores} is no multiple of node ${keys}`);
  demandGap(b, n);
  return keys;
}

/** That a logit that exceeds n - 1 others by so much keeps 3/4 of the mass. */
export function demandGap(gap: Fraction, n: number): void {
  demand(decayed(n - 1, gap).le(THIRD), 'too weak an attention');
}

/** The token in each row of a softmax of constants against which the others have at most a share `most` of its mass. */
export function leadersOf(session: Session, shares: number, most: Fraction): number[] {
  const { shape, entries } = session.value(scoresOf(session, shares));
  const [T, S] = shape;
  spend(100 * (T + entries.size));
  borrow(100 * (T + entries.size));
  const rows = Array.from({ length: T }, (): [number, Fraction][] => []);
  for (const [at, form] of entries) {
    demand(isConstant(form), 'the scores are no constant');
    rows[Math.floor(at / S)].push([at % S, form.constant]);
  }
  const powers = new Map<string, Fraction>();
  const power = (gap: Fraction) => {
    const found = powers.get(`${gap}`) ?? decayed(1, gap);
    powers.set(`${gap}`, found);
    return found;
  };
  return rows.map((row, t) => {
    const start: readonly [number, Fraction] = [-1, Fraction.zero];
    const [target, top] = row.reduce((best, next) => (best[1].lt(next[1]) ? next : best), start);
    demand(target >= 0, () => `token ${t} attends to no token`);
    const stored = row.filter(([s]) => s !== target).map(([, score]) => power(top.sub(score)));
    const unstored = S > row.length ? power(top).mul(Fraction.of(S - row.length)) : Fraction.zero;
    const isLed = stored.reduce((sum, own) => sum.add(own), unstored).le(most);
    demand(isLed, () => `token ${t} has more of its mass elsewhere`);
    return target;
  });
}
