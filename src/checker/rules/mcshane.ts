import { spend } from '../budget.js';
import { inputJet, jetOfSum, type Smooth, valueOfSum } from '../calculus.js';
import type { Rule } from '../fact.js';
import { demand, demandShown } from '../failure.js';
import { constantForm, difference, type Form, isConstant, negative, scale } from '../forms.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { fraction, index, onlyInput, record, sizeOf } from '../network.js';
import type { Session } from '../session.js';
import { demandMinimum } from './minimum.js';

const MOST_CELLS = 2 ** 16;
const HALF = Fraction.of(1, 2n);

/**
 * Data: the one entry of `node` is the minimum of all entries of the node `cones`, which are v_g + L |x - g| in the maximum
 * norm of the one input x, for the centres g of the cells of its domain with `cells` cells along each axis, the last one
 * fastest, and L = `slope`; a `target` F, and bounds `lo`, `hi` of node - F. Let -a <= v_g - F(g) <= b, and let S <= L be a
 * Lipschitz constant of F, the largest sum of |dF/dx_i| over the cells. Each cone is at least F(g) - a + S |x - g| >= F(x) -
 * a, and that of the cell of x is at most F(x) + (S + L) r + b, r half the side of a cell.
 */
export const mcshane: Rule = (session, data) => {
  const fields = record(data, 'the data', ['node', 'cones', 'domain', 'cells', 'slope', 'target', 'lo', 'hi']);
  const [node, cones] = [session.node(fields.node), session.node(fields.cones)];
  const [N, L] = [index(fields.cells, MOST_CELLS, 'the number of cells'), fraction(fields.slope, 'the slope')];
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  const domain = session.domain(fields.domain);
  demand(N > 0, 'there are no cells');
  const x = session.entries(onlyInput(session.network));
  const names = x.map((form) => session.atoms.nameOf(form));
  const forms = session.entries(cones);
  demand(forms.length === N ** x.length, `there are ${forms.length} cones and not ${N}^${x.length}`);
  const target = session.expressions.parse(fields.target, session.names);
  const { lo: start, hi: end } = session.sideOf(names[0], domain);
  const side = end.sub(start).div(Fraction.of(N));
  let [a, b, slope] = [Fraction.zero, Fraction.zero, Fraction.zero];
  for (const [k, form] of forms.entries()) {
    const cell = x.map((_, d) => Math.floor(k / N ** (x.length - 1 - d)) % N);
    const g = cell.map((i) => start.add(side.mul(Fraction.of(2 * i + 1)).mul(HALF)));
    const top = difference(form, scale(distance(session, x, g), L));
    demand(isConstant(top), () => `entry ${k} of node ${cones} is no cone of slope ${L} around (${g})`);
    spend(40);
    const value = valueOfSum([[Fraction.one, target]], (name) => g[names.indexOf(name)]);
    demand(value !== null, 'the target is not defined on the domain');
    a = a.max(value.hi.sub(top.constant));
    b = b.max(top.constant.sub(value.lo));
    const box = g.map((centre) => I.between(centre.sub(side.mul(HALF)), centre.add(side.mul(HALF))));
    slope = slope.max(steepness([[Fraction.one, target]], names, box));
  }
  demandShown(slope.le(L), () => 'the target is steeper than the cones');
  demand(sizeOf(session.network.nodes[node].shape) === 1, `node ${node} is not one number`);
  demandMinimum(session, { node, entry: 0, of: cones, entries: [...forms.keys()] });
  const above = slope.add(L).mul(side).mul(HALF).add(b);
  demand(lo.le(a.neg()) && above.le(hi), 'the cones do not give these bounds');
  return { kind: 'within', domain, node, entries: new Map([[0, { target, lo, hi }]]) };
};

/** max_d |x_d - g_d|. */
function distance({ atoms }: Session, x: readonly Form[], g: readonly Fraction[]): Form {
  spend(10 * x.length);
  const sizes = x.map((form, d) => {
    const offset = difference(form, constantForm(g[d]));
    return atoms.max(offset, negative(offset));
  });
  return sizes.reduce((most, next) => atoms.max(most, next));
}

/** An upper bound of sum |dF/dx_d| over the box. */
function steepness(target: Smooth, names: readonly string[], box: readonly I.Interval[]): Fraction {
  spend(100 * names.length);
  const slopes = names.map((axis) => {
    const along = (name: string) => I.interval(name === axis ? Fraction.one : Fraction.zero);
    const { slope } = jetOfSum(target, (name) => inputJet(box[names.indexOf(name)], along(name)));
    demand(slope !== null, 'the target has no Lipschitz constant on the domain');
    return I.upper(slope).max(I.lower(slope).neg());
  });
  return slopes.reduce((total, part) => total.add(part));
}
