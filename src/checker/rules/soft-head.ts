import type { Atoms } from '../atoms.js';
import { demand } from '../failure.js';
import { type Form, single } from '../forms.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';

interface Head {
  readonly beta: Fraction;
  /** rho_t, the least of them 0. */
  readonly gates: readonly Fraction[];
}

/** The form must be sum_t p_t psi_t, the p_t from one softmax with logits sign beta psi_t + c_t. */
export function readHead(atoms: Atoms, form: Form, position: ReadonlyMap<number, number>, sign: 1 | -1): Head {
  const size = position.size;
  if (size === 1 && position.has(single(form))) return { beta: Fraction.one, gates: [Fraction.zero] };
  demand(form.constant.isZero && form.terms.size === size, 'the entry is no mean over all tokens');
  const offsets = new Map<number, Fraction>();
  let row: readonly Form[] | null = null;
  let slope: Fraction | null = null;
  for (const [number, coefficient] of form.terms) {
    const product = atoms.get(number);
    demand(product.kind === 'product' && coefficient.equals(Fraction.one), 'a term is no plain product');
    const isValue = product.of.map((factor) => position.has(single(factor)));
    const value = single(product.of[isValue[0] ? 0 : 1]);
    const weight = single(product.of[isValue[0] ? 1 : 0]);
    demand(isValue[0] !== isValue[1] && weight >= 0, 'a term is no weight times a value');
    const atom = atoms.get(weight);
    demand(atom.kind === 'softmax' && (row === null || atom.row === row), 'a weight is from another softmax');
    row = atom.row;
    const logit = row[atom.index];
    const factor = logit.terms.get(value);
    demand(logit.terms.size === 1 && factor !== undefined, 'a logit is not affine in the value of its token');
    demand(slope === null || factor.equals(slope), 'logits have different slopes');
    slope = factor;
    offsets.set(position.get(value)!, logit.constant);
  }
  demand(row !== null && row.length === size && offsets.size === size, 'the weights are not those of all tokens');
  demand(slope !== null && slope.n * BigInt(sign) > 0n, `the logits do not ${sign > 0 ? 'rise' : 'fall'}`);
  const beta = slope.abs();
  const top = [...offsets.values()].reduce((a, b) => a.max(b));
  return { beta, gates: Array.from({ length: size }, (_, t) => top.sub(offsets.get(t)!).div(beta)) };
}

/** Whether n e^(-lambda - 1) <= lambda. */
export function isGapConstant(n: number, lambda: Fraction): boolean {
  const pressure = I.exp(I.interval(lambda.add(Fraction.one).neg()));
  return pressure !== null && I.upper(I.mul(I.interval(Fraction.of(n)), pressure)).le(lambda);
}
