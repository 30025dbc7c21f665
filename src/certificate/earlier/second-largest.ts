import { hold, spend } from '../../checker/budget.js';
import { rangesText } from '../../statement/ranges.js';
import { type EarlierStep, type Translation, Untranslated } from './translation.js';

/**
 * A soft maximum of smaller ones of tokens and soft maxima of the others: since readouts of each token by itself are no steps any
 * more, the whole is one step. It must be put together as the second largest of all tokens is.
 */
export function secondLargest(claim: Translation, step: EarlierStep): readonly string[] {
  const smaller = claim.step(step.premises[0]);
  const [input, others] = smaller.premises.map((id) => claim.step(id));
  const { output, lo, hi } = claim.conclusion as EarlierStep['data'];
  const { node: x, domain, entries } = input.data;
  const { nodes } = claim.session.network;
  const [T] = nodes[x as number].shape;
  spend(50 * T * T);
  hold(10 * T * T);
  const tokens = Array.from({ length: T }, (_, t) => t);
  const without = (t: number) => rangesText(tokens.filter((s) => s !== t));
  const all = rangesText(tokens);
  const rows = tokens.map((t) => [t, [x, others.data.node].map((node) => [node, t])]);
  demandSame(entries, all);
  demandSame(others.rule, 'soft-maximum');
  demandSame([others.data.of, others.data.entries], [x, all]);
  demandSame(
    others.data.heads,
    tokens.map((t) => [t, without(t)]),
  );
  demandSame([smaller.data.readout, smaller.data.rows], ['min(z1, z2)', rows]);
  demandSame([step.data.of, step.data.entries, step.data.heads], [smaller.data.node, all, [[0, all]]]);
  const { lambda: last } = step.data;
  const { lambda } = others.data;
  const data = { output, others: others.data.node, smaller: smaller.data.node, domain, lambda, last, lo, hi };
  return claim.write({ id: step.id, rule: 'second-largest', premises: [], data });
}

function demandSame(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Untranslated('it is no net for the second largest token');
}
