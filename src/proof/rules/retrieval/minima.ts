import type { Network, Node } from '../../../network/network.js';
import { toDecimal } from '../../../numbers/decimal.js';
import { Rational } from '../../../numbers/rational.js';
import { roundedTo } from '../../../numbers/significant-bits.js';
import { rangesText } from '../../../statement/index.js';
import { type Derived, demand, derive } from '../../derivation.js';
import { type Fact, mint } from '../../fact.js';
import { comparisonTree, proveComparisonTree } from '../comparison-tree.js';
import { domainText } from '../inputs.js';
import { congruence, lemmaRule, proveByLemma } from '../lemma.js';
import type { Application } from '../lemma-application.js';
import { seemingMinima } from '../minimum-heads.js';
import { monotoneMinimum, proveMonotoneMinimum } from '../monotone-minimum.js';
import { type MeanNodes, meanEvidence, rowMeans } from '../row-means.js';
import { gapOf } from '../soft-minimum.js';
import { indices, numberNamed, tensorNamed } from '../tensors.js';
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

/** Minima by heads, with their inverse temperatures. */
interface Heads {
  readonly retrieved: readonly Retrieved[];
  readonly beta: readonly Rational[];
}

/** Entry i of the tensor `retrieved` is the soft minimum of feature i, gated to the tokens of S_i. */
export function proveHeads(
  network: Network,
  { T, positions, features: targets }: RetrievalTarget,
  features: readonly Feature[],
  names: { readonly features: string; readonly retrieved: string },
  rows: MeanNodes | null,
): Derived<Heads> {
  return derive({ rule: lemmaRule, id: 'heads', statement: 'heads' }, (take) => {
    const heads = seemingMinima(network, names.features, names.retrieved);
    const [psi, node] = [network.find(names.features)!, network.find(names.retrieved)!];
    const retrieved = positions.map((S, i): Retrieved => {
      const { beta, gates } = heads[i];
      const { bounds, error, range, entries, tokens, node: values } = features[i];
      const id = `head${i + 1}`;
      const isColumn = values === psi && tokens.length === T && entries.every((k, t) => k === t * heads.length + i);
      demand(gates.length === T && isColumn, `head ${i + 1} reads ${gates.length} tokens, not ${T}`);
      const R = leastGate(gates, S);
      const says = `head ${i + 1}: no gate on the ${S.length} tokens of S_${i + 1}, at least ${toDecimal(R, 6, 'down')} on the others`;
      const closed = S.find((t) => !gates[t].isZero());
      demand(
        closed === undefined,
        `${says}: token ${(closed ?? 0) + 1} of S_${i + 1} has the gate ${gates[closed ?? 0]}`,
      );
      const inside = new Set(S);
      const [I, O] = [S, indices(T).filter((t) => !inside.has(t))].map((tokens) => tokens.map((t) => t + 1));
      // A checker bounds the values by itself, and cannot show an end that no enclosure of doubles reaches, such as 2/3.
      const a = roundedTo(bounds.least, RANGE_BITS, 'down');
      const w = roundedTo(bounds.most, RANGE_BITS, 'up').sub(a);
      const rho = groupsOf(gates);
      const application: Application = {
        ...{ id: `${id}.minimum`, says, domain: domainText(network, RETRIEVAL_DOMAIN), inputs: RETRIEVAL_DOMAIN },
        sets: { I, O },
        functions: { psi: { node: values, first: i, stride: heads.length }, rho },
        numbers: { beta, a, w, g: O.length > 0 ? R : w, lambda: gapOf(S.length) },
        entries: { y: [node, i] },
        ...{ ranges: [range], isInside: rows !== null },
      };
      const byRows = (further: object) => {
        const { inputs, numbers } = application;
        const applied = { lemma: 'gated-minimum', sets: { I, O }, functions: { rho }, numbers, inputs, column: i };
        return rows && meanEvidence(network, rows, { ...applied, range: [a, a.add(w)], ...further });
      };
      const least = take(proveByLemma(network, 'gated-minimum', application));
      const ranged = proveByLemma(network, 'gated-minimum', { ...application, id: `${id}.range`, conclusion: 1 });
      const mean = ranged.kind === 'open' ? take(ranged) : ranged;
      const { lo, hi } = least.found;
      const base = { rule: rows ? rowMeans : congruence, network, domain: least.domain, found: null };
      const target = { target: featureText({ features: targets }, i), error: [bounds.shown.lo, bounds.shown.hi] };
      const fact = mint({
        ...{ ...base, id, says: `${says}; against f_${i + 1}`, premises: [least, error] },
        enclosure: { lo: lo.sub(bounds.below), hi: hi.add(bounds.above) },
        evidence: () => (rows ? byRows(target) : {}),
      });
      const inRange = mint({
        ...{ ...base, id: `${id}.values`, premises: [mean], enclosure: mean.enclosure },
        says: `${id} lies between the least and the largest value`,
        evidence: () => byRows({ conclusion: 1 }),
      });
      const total = { above: hi.add(bounds.above), below: bounds.below.sub(lo) };
      return { node, entry: i, error: total, fact: take(fact), range: rows ? inRange : mean };
    });
    return { retrieved, beta: heads.map(({ beta }) => beta) };
  });
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
): Derived<Retrieved> {
  const id = `minimum${i + 1}`;
  const says = `'${name}' is the least value of feature ${i + 1}`;
  const rule = by === 'tree' ? comparisonTree : monotoneMinimum;
  return derive({ rule, id, statement: says }, (take, join) => {
    const node = tensorNamed(network, name);
    const [place, of] = [node, feature.node].map((one) => network.nodes.indexOf(one));
    const base = { rule, id, network, domain: domainText(network, RETRIEVAL_DOMAIN), says, found: null };
    const { above, below, least, most } = feature.bounds;
    if (by === 'tree') {
      const tree = take(proveComparisonTree(network, feature.node, node, `${id}.tree`));
      const fact = mint({
        ...{ ...base, premises: [feature.error, tree], enclosure: tree.enclosure },
        evidence: () => ({ node: place, entry: 0, of, entries: rangesText(feature.entries) }),
      });
      return { node, entry: 0, error: { above, below }, fact: take(fact) };
    }
    const isUnit = least.sign() >= 0 && most.le(Rational.one);
    demand(isUnit, `the values lie in [${least}, ${most}], not in [0, 1]`);
    const { range, sum } = join(proveMonotoneMinimum(network, feature.node, node)).found;
    const fact = mint({
      ...{ ...base, premises: [feature.error, feature.range], enclosure: range },
      evidence: () => ({ node: place, of, sum: numberNamed(network, sum) }),
    });
    const error = { above: above.sub(range.lo), below: below.add(range.hi) };
    return { node, entry: 0, error, fact: take(fact) };
  });
}
