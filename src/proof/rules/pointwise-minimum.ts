import { Atoms, addForms, formsEqual, scaleForm } from '../../evaluate/affine.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Rational } from '../../numbers/rational.js';
import { mint, type Outcome, open } from '../fact.js';
import type { Rule } from '../step.js';
import { point } from '../verdict.js';
import { rowForms } from './attention.js';

/** One ReLU per entry computes the smaller of two numbers: min(a, b) = a - relu(a - b). */
export const pointwiseMinimum: Rule = { id: 'pointwise-minimum', tex: 'y_t = \\min(a_t, b_t)' };

/** Entry t of `target` is the smaller of the entries t of the columns `first` and `second`, for all real numbers. */
export function provePointwiseMinimum(
  network: Network,
  [first, second]: readonly [string, string],
  target: string,
): Outcome<null> {
  const statement = `entry t of '${target}' is the smaller of those of '${first}' and '${second}'`;
  const id = `${target}.minimum`;
  const failed = (difference: string) => open(pointwiseMinimum, id, statement, difference);
  const nodes = [first, second, target].map((name) => network.find(name));
  const missing = [first, second, target].find((_, k) => !nodes[k]);
  if (missing !== undefined) return failed(`the network has no tensor named '${missing}'`);
  const [a, b, y] = nodes.map((node) => node!);
  const column = `${sizes(a.shape)[0]},1`;
  if ([a, b, y].some((node) => sizes(node.shape).join() !== column)) return failed('they are no columns of one length');
  const atoms = new Atoms();
  const rows = rowForms(y, [a, b], atoms);
  if (!rows) return failed('it depends on other tensors');
  for (const [t, [entry]] of rows.entries()) {
    const [u, v] = [atoms.input(first, t), atoms.input(second, t)];
    const smaller = [
      [u, v],
      [v, u],
    ].map(([p, q]) => addForms(p, scaleForm(atoms.apply('relu', [addForms(p, scaleForm(q, MINUS_ONE))]), MINUS_ONE)));
    if (!smaller.some((form) => formsEqual(entry, form))) return failed(`entry ${t} is something else`);
  }
  const base = { rule: pointwiseMinimum, id, network, domain: null, says: statement, found: null };
  return mint({ ...base, enclosure: point(Rational.zero) });
}

const MINUS_ONE = Rational.of(-1);
