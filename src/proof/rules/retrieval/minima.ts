import type { Network, Node } from '../../../network/network.js';
import { toDecimal } from '../../../numbers/decimal.js';
import { Rational } from '../../../numbers/rational.js';
import { roundedTo } from '../../../numbers/significant-bits.js';
import { rangesText } from '../../../statement/index.js';
import { type Fact, mint, type Outcome, open } from '../../fact.js';
import { comparisonTree, proveComparisonTree } from '../comparison-tree.js';
import { domainText } from '../inputs.js';
import { congruence, lemmaRule, proveByLemma } from '../lemma.js';
import type { Application } from '../lemma-application.js';
import { seemingMinima } from '../minimum-heads.js';
import { monotoneMinimum, proveMonotoneMinimum } from '../monotone-minimum.js';
import { type MeanNodes, meanEvidence, rowMeans } from '../row-means.js';
import { gapOf } from '../soft-minimum.js';
import type { Feature } from './features.js';
import { featureText, RETRIEVAL_DOMAIN, type RetrievalTarget, type SignedError } from './task.js';

/** Of the range of a feature's values, rounded outward. */
const RANGE_BITS = 40;

/** A retrieved value: where it stands, how far it may be from z_i, and the fact that says so. */
export interface Retrieved {
  readonly node: Node;
  readonly entry: number;
  readonly error: SignedError;
  readonly fact: Fact;
  /** Where it lies, when it is a mean. */
  readonly range?: Fact;
}

interface Proved<R> {
  readonly outcomes: readonly Outcome[];
  readonly retrieved: R | null;
}

/** Entry i of the tensor `retrieved` is the soft minimum of feature i, gated to the tokens of S_i. */
export function proveHeads(
  network: Network,
  { T, positions, features: targets }: RetrievalTarget,
  features: readonly Feature[],
  names: { readonly features: string; readonly retrieved: string },
  rows: MeanNodes | null,
): Proved<readonly Retrieved[]> & { readonly beta: readonly Rational[] } {
  const heads = seemingMinima(network, names.features, names.retrieved);
  if (typeof heads === 'string')
    return { outcomes: [open(lemmaRule, 'heads', 'heads', heads)], retrieved: null, beta: [] };
  const [psi, node] = [network.find(names.features)!, network.find(names.retrieved)!];
  const outcomes: Outcome[] = [];
  const retrieved: Retrieved[] = [];
  const fail = (id: string, says: string, difference: string) => ({
    outcomes: [...outcomes, open(lemmaRule, id, says, difference)],
    ...{ retrieved: null, beta: [] },
  });
  for (const [i, S] of positions.entries()) {
    const { beta, gates } = heads[i];
    const { bounds, error, range, entries, tokens, node: values } = features[i];
    const id = `head${i + 1}`;
    const isColumn = values === psi && tokens.length === T && entries.every((k, t) => k === t * heads.length + i);
    if (gates.length !== T || !isColumn) return fail(id, `head ${i + 1} reads ${T} tokens`, `it reads ${gates.length}`);
    const R = leastGate(gates, S);
    const says = `head ${i + 1}: no gate on the ${S.length} tokens of S_${i + 1}, at least ${toDecimal(R, 6, 'down')} on the others`;
    const closed = S.find((t) => !gates[t].isZero());
    if (closed !== undefined) return fail(id, says, `token ${closed + 1} of S_${i + 1} has the gate ${gates[closed]}`);
    const inside = new Set(S);
    const outside = Array.from({ length: T }, (_, t) => t).filter((t) => !inside.has(t));
    const [I, O] = [S, outside].map((tokens) => tokens.map((t) => t + 1));
    // A checker bounds the values by itself, and cannot show an end that no enclosure of doubles reaches, such as 2/3.
    const a = roundedTo(bounds.least, RANGE_BITS, 'down');
    const w = roundedTo(bounds.most, RANGE_BITS, 'up').sub(a);
    const application: Application = {
      ...{ id: `${id}.minimum`, says, domain: domainText(network, RETRIEVAL_DOMAIN), inputs: RETRIEVAL_DOMAIN },
      sets: { I, O },
      functions: { psi: { node: values, first: i, stride: heads.length }, rho: groupsOf(gates) },
      numbers: { beta, a, w, g: outside.length > 0 ? R : w, lambda: gapOf(S.length) },
      entries: { y: [node, i] },
      ranges: [range],
      isInside: rows !== null,
    };
    const byRows = (further: object) => {
      const { inputs, numbers } = application;
      const applied = {
        lemma: 'gated-minimum',
        sets: { I, O },
        functions: { rho: groupsOf(gates) },
        numbers,
        inputs,
        column: i,
      };
      return rows && meanEvidence(network, rows, { ...applied, range: [a, a.add(w)], ...further });
    };
    const least = proveByLemma(network, 'gated-minimum', application);
    const mean = proveByLemma(network, 'gated-minimum', { ...application, id: `${id}.range`, conclusion: 1 });
    outcomes.push(least);
    if (least.kind === 'open' || mean.kind === 'open') return { outcomes, retrieved: null, beta: [] };
    const { lo, hi } = least.found;
    const base = { rule: rows ? rowMeans : congruence, network, domain: least.domain, found: null };
    const fact = mint({
      ...{ ...base, id, says: `${says}; against f_${i + 1}`, premises: [least, error] },
      enclosure: { lo: lo.sub(bounds.below), hi: hi.add(bounds.above) },
      evidence: () =>
        rows
          ? byRows({ target: featureText({ features: targets }, i), error: [bounds.shown.lo, bounds.shown.hi] })
          : {},
    });
    const inRange = mint({
      ...{
        ...base,
        id: `${id}.values`,
        says: `${id} lies between the least and the largest value`,
        premises: [mean],
        enclosure: mean.enclosure,
      },
      evidence: () => byRows({ conclusion: 1 }),
    });
    outcomes.push(fact);
    const total = { above: hi.add(bounds.above), below: bounds.below.sub(lo) };
    retrieved.push({ node, entry: i, error: total, fact, range: rows ? inRange : mean });
  }
  return { outcomes, retrieved, beta: heads.map(({ beta }) => beta) };
}

/** Tokens, from 1, by their gates. */
function groupsOf(gates: readonly Rational[]): (readonly [Rational, readonly number[]])[] {
  const groups = new Map<string, readonly [Rational, number[]]>();
  for (const [t, gate] of gates.entries()) {
    const known = groups.get(gate.toString());
    if (known) known[1].push(t + 1);
    else groups.set(gate.toString(), [gate, [t + 1]]);
  }
  return [...groups.values()];
}

/** The least gate outside S; 0 when S holds all tokens. */
function leastGate(gates: readonly Rational[], S: readonly number[]): Rational {
  const inside = new Set(S);
  const outside = gates.filter((_, t) => !inside.has(t));
  return outside.reduce((least, gate) => least.min(gate), outside[0] ?? Rational.zero);
}

/** A tensor of one number is the least of all values of feature i, taken by comparisons or by thresholds. */
export function proveLeast(
  network: Network,
  i: number,
  feature: Feature,
  { name, by }: { readonly name: string; readonly by: 'tree' | 'threshold' },
): Proved<Retrieved> {
  const node = network.find(name);
  const id = `minimum${i + 1}`;
  const says = `'${name}' is the least value of feature ${i + 1}`;
  const rule = by === 'tree' ? comparisonTree : monotoneMinimum;
  if (!node) return { outcomes: [open(rule, id, says, `the network has no tensor named '${name}'`)], retrieved: null };
  const [place, of] = [node, feature.node].map((one) => network.nodes.indexOf(one));
  const base = { rule, network, domain: domainText(network, RETRIEVAL_DOMAIN), says, found: null };
  const { above, below, least, most } = feature.bounds;
  if (by === 'tree') {
    const tree = proveComparisonTree(network, feature.node, node, `${id}.tree`);
    if (tree.kind === 'open') return { outcomes: [tree], retrieved: null };
    const fact = mint({
      ...{ ...base, id, premises: [feature.error, tree], enclosure: tree.enclosure },
      evidence: () => ({ node: place, entry: 0, of, entries: rangesText(feature.entries) }),
    });
    return { outcomes: [tree, fact], retrieved: { node, entry: 0, error: { above, below }, fact } };
  }
  if (least.sign() < 0 || Rational.one.lt(most))
    return {
      outcomes: [open(rule, id, says, `the values lie in [${least}, ${most}], not in [0, 1]`)],
      retrieved: null,
    };
  const found = proveMonotoneMinimum(network, feature.node, node);
  if (!found.fact) return { outcomes: found.outcomes, retrieved: null };
  const { range, sum } = found.fact.found;
  const fact = mint({
    ...{ ...base, id, premises: [feature.error, feature.range], enclosure: range },
    evidence: () => ({ node: place, of, sum: network.nodes.findIndex((one) => one.name === sum) }),
  });
  const error = { above: above.sub(range.lo), below: below.add(range.hi) };
  return { outcomes: [fact], retrieved: { node, entry: 0, error, fact } };
}
