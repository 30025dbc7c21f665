import { Atoms } from '../../evaluate/affine.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Rational } from '../../numbers/rational.js';
import { mint, type Outcome, open } from '../fact.js';
import type { Rule } from '../step.js';
import { type AlikeQueries, readAlikeQueries } from './alike-queries.js';
import { isColumn, productsWith, readAttention, rowForms } from './attention.js';
import type { HeadError } from './gated-mass.js';
import { headError } from './gated-mass.js';

/**
 * The soft maximum by one head with gates, against the maximum of the entries without a gate: entry t of a tensor is
 * sum_s p_s a_s with p = softmax_s(beta a_s - beta rho_{t,s}).
 *
 * It is minus the soft minimum of -a, so with lambda = W0((S - 1)/e) and the S entries without a gate (`gated-mass`)
 *   -(lambda/beta + w l/(1 + l)) <= result - max a_s <= w l/(1 + l),   l = ((T - S)/S) e^{-beta (R - w)}.
 */
export const softMaximum: Rule = {
  id: 'soft-maximum',
  tex: '\\max_s a_s - \\tfrac{\\lambda}{\\beta} - w\\tfrac{\\ell}{1+\\ell} \\le \\sum_s p_s a_s \\le \\max_s a_s + w\\tfrac{\\ell}{1+\\ell}',
};

/** What a head does to one column of numbers, read off the weights. */
export interface MaximumHead {
  readonly tokens: number;
  readonly beta: Rational;
  readonly queries: number;
  /** rho_{t,s} >= 0 for query t and all s, the least of them 0. */
  gates(query: number): readonly Rational[];
  /** Whether the gates of all queries are those of one, each with its own token in place of the other's. */
  readonly areAlike: boolean;
}

/**
 * Reads the head behind `name` as soft maxima of the column `source` [T, 1]: values are its entries, logits its entries
 * times one beta > 0 plus constants. The step says what is something else.
 */
export function readMaximumHead(network: Network, source: string, name: string): Outcome<MaximumHead> {
  const found = readHead(network, source, name);
  if (typeof found === 'string')
    return open(softMaximum, `${name}.head`, `'${name}' holds soft maxima of '${source}'`, found);
  const says = `'${name}' holds soft maxima of the ${found.tokens} entries of '${source}', beta = ${found.beta}`;
  return mint({ rule: softMaximum, id: `${name}.head`, network, domain: null, says, found });
}

function readHead(network: Network, source: string, name: string): MaximumHead | string {
  const column = network.find(source);
  const attention = readAttention(network, name);
  if (typeof attention === 'string') return attention;
  if (!column) return `the network has no tensor named '${source}'`;
  const alike = readAlikeQueries(column, network.find(name)!);
  if (alike && alike.slope.sign() > 0) return alikeHead(alike);
  const atoms = new Atoms();
  const [queries, keys, values] = [attention.query, attention.key, attention.value].map((node) =>
    rowForms(node, [column], atoms),
  );
  if (!queries || !keys || !values) return `it depends on more than '${source}'`;
  const [tokens] = sizes(column.shape);
  if (values.length !== tokens || !isColumn(values, source, atoms))
    return `its values are not the entries of '${source}'`;
  const symbols = keys.map((_, s) => [...atoms.input(source, s).terms.keys()][0]);
  let beta: Rational | null = null;
  const gates: Rational[][] = [];
  for (const [t, query] of queries.entries()) {
    const offsets: Rational[] = [];
    const logitOf = productsWith(query);
    for (const [s, key] of keys.entries()) {
      const logit = logitOf(key);
      const slope = logit?.terms.get(symbols[s]);
      if (!logit || !slope || logit.terms.size !== 1) return `logit ${s} of query ${t} is no multiple of its entry`;
      beta ??= slope;
      if (!slope.equals(beta) || slope.sign() <= 0) return `logit ${s} of query ${t} has the slope ${slope}`;
      offsets.push(logit.constant);
    }
    gates.push(gatesOf(offsets, beta!));
  }
  return { tokens, beta: beta!, queries: gates.length, gates: (query) => gates[query], areAlike: false };
}

/** How much logits with these offsets are below the largest, in units of 1/beta. */
function gatesOf(offsets: readonly Rational[], beta: Rational): Rational[] {
  const top = offsets.reduce((a, b) => a.max(b));
  return offsets.map((offset) => (offset.equals(top) ? Rational.zero : top.sub(offset).div(beta)));
}

function alikeHead({ tokens, slope: beta, own }: AlikeQueries): MaximumHead {
  const [other, itself] = gatesOf([Rational.zero, own], beta);
  const gates = (query: number) => Array.from({ length: tokens }, (_, s) => (s === query ? itself : other));
  return { tokens, beta, queries: tokens, gates, areAlike: true };
}

/** Bounds of the head's error at one query, for entries in an interval of the given width and open entries `open`. */
export function maximumError(
  { tokens, beta, gates }: Pick<MaximumHead, 'tokens' | 'beta' | 'gates'>,
  query: number,
  { open, width }: { readonly open: readonly number[]; readonly width: Rational },
): HeadError | string {
  const inside = new Set(open);
  const row = gates(query);
  const gated = open.find((s) => !row[s].isZero());
  if (gated !== undefined) return `query ${query} has the gate ${row[gated]} at entry ${gated}`;
  const outside = row.filter((_, s) => !inside.has(s));
  const R = outside.reduce((least, gate) => least.min(gate), outside[0] ?? Rational.zero);
  const { above, below } = headError({ T: tokens, S: open.length, beta, R, width });
  return { above: below, below: above };
}
