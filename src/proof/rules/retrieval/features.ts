import { unitBox } from '../../../enclose/box.js';
import type { Span } from '../../../enclose/interpolation.js';
import type { Network, Node } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { tokenWise } from '../../../network/token-wise.js';
import type { Rational } from '../../../numbers/rational.js';
import { rangesText } from '../../../statement/index.js';
import { compositeOf } from '../../../symbolic/composition.js';
import { toText } from '../../../symbolic/index.js';
import { type Fact, mint, type Outcome, open } from '../../fact.js';
import type { Rule } from '../../step.js';
import { affineIdentity, proveAffineIdentity, type StatedTensor } from '../affine-identity.js';
import { composedNet } from '../composed-error.js';
import { halfName } from '../composed-net.js';
import { domainText } from '../inputs.js';
import type { EntryRange } from '../lemma-application.js';
import { supremumNorm } from '../sup-norm.js';
import { boundNet, type NetBounds, type NetHint } from './nets.js';
import { featureText, RETRIEVAL_DOMAIN, type RetrievalTarget, tokenNames, valueNames } from './task.js';

/** A layer does to every token what its slice does to one. */
const tokenWiseRule: Rule = { id: 'token-wise', tex: '\\Psi(X)_t = \\Psi(x^t)' };

/**
 * Nets of features, one for each column of the matrix `to`, applied to every row of the matrix `from`; row r is the token
 * `rows[r]` of the input.
 */
export interface FeatureLayer {
  readonly from: string;
  readonly to: string;
  readonly rows: readonly number[];
  readonly nets: readonly { readonly feature: number; readonly net: NetHint }[];
}

/** The column of a feature's values, with its bounds: of Psi - f over all tokens, and of Psi. */
export interface Feature {
  readonly bounds: NetBounds;
  readonly error: Fact;
  readonly range: Fact<EntryRange>;
  /** The tensor of the values, and the places of those of `tokens` in it, which count from 0. */
  readonly node: Node;
  readonly entries: readonly number[];
  readonly tokens: readonly number[];
}

export interface Limits {
  /** An enclosure of a feature need not be sharper. */
  readonly absoluteWidth: Rational;
  readonly deadline: number;
  /** Whether a fact that rests on those about the features says to a checker what it needs. */
  readonly areInside?: boolean;
}

/** The features of a layer in the order of its nets, each with two facts; null when a hypothesis fails. */
export function proveLayer(
  network: Network,
  target: RetrievalTarget,
  { from, to, rows, nets }: FeatureLayer,
  limits: Limits,
): { readonly outcomes: readonly Outcome[]; readonly features: readonly Feature[] | null } {
  const domain = domainText(network, RETRIEVAL_DOMAIN);
  const says = `'${to}' applies the same nets to every token`;
  const fail = (outcomes: readonly Outcome[], difference: string) => ({
    outcomes: [...outcomes, open(tokenWiseRule, `${to}.layer`, says, difference)],
    features: null,
  });
  const [source, values] = [from, to].map((name) => network.find(name));
  if (!source || !values) return fail([], `the network has no tensor named '${source ? to : from}'`);
  const tokens = proveRows(network, target, source, rows);
  if (tokens.kind === 'open') return { outcomes: [tokens], features: null };
  const slice = tokenWise(source, values);
  if (typeof slice === 'string') return fail([tokens], slice);
  const problem = entriesProblem(
    slice,
    to,
    nets.map(({ net }) => net.name),
  );
  if (problem) return fail([tokens], problem);
  const layer = mint({ rule: tokenWiseRule, id: `${to}.layer`, network, domain: null, says, found: null });
  const outcomes: Outcome[] = [tokens, layer];
  const features: Feature[] = [];
  const box = unitBox(tokenNames(target.d));
  for (const [column, { feature: i, net }] of nets.entries()) {
    const bounds = boundNet(slice, net, target.features[i], box, limits);
    if (typeof bounds === 'string')
      return {
        outcomes: [...outcomes, open(supremumNorm, `feature${i + 1}`, `'${net.name}' against f_${i + 1}`, bounds)],
        features: null,
      };
    const entries = rows.map((_, r) => r * nets.length + column);
    const inside = new Set(target.positions[i]);
    const used = rows.flatMap((t, r) => (inside.has(t) ? [r] : []));
    const place = (of: readonly number[]) => ({
      ...{ of: network.nodes.indexOf(source), node: network.nodes.indexOf(values), domain: RETRIEVAL_DOMAIN },
      entries: rangesText(of.map((r) => entries[r])),
      tokens: rangesText(of.map((r) => rows[r] + 1)),
    });
    const { least, most, above, below, shown } = bounds;
    const parts = net.kind === 'composed' ? partsOf(network, net, target.d) : null;
    const places = new Set(entries);
    const fact = (id: string, what: string, text: string, { lo, hi }: Span, of: readonly number[], toShow: Span) =>
      mint<EntryRange>({
        ...{ rule: parts ? composedNet : supremumNorm, id, network, domain },
        found: { node: values, entries: places, lo, hi },
        says: `${what} lies between ${lo} and ${hi} at every token`,
        enclosure: { lo, hi },
        premises: [tokens, layer],
        evidence: () =>
          limits.areInside
            ? null
            : {
                ...{ ...place(of), target: text },
                ...(parts ? { parts } : { lo: `${toShow.lo}`, hi: `${toShow.hi}` }),
              },
      });
    const text = featureText(target, i);
    // A checker has to write the target of every token down: of those alone over which the minimum is taken.
    const apart = { lo: below.neg(), hi: above };
    const error: Fact = fact(`feature${i + 1}`, `'${net.name}' - f_${i + 1}`, text, apart, used, shown);
    const image = { lo: least, hi: most };
    const range = fact(`range${i + 1}`, `'${net.name}'`, '0', image, [...rows.keys()], image);
    outcomes.push(error, range);
    features.push({ bounds, error, range, node: values, entries, tokens: rows });
  }
  return { outcomes, features };
}

/** The rows of a matrix are the tokens with these numbers. */
function proveRows(network: Network, { d }: RetrievalTarget, source: Node, rows: readonly number[]): Outcome<null> {
  const [x] = network.inputs;
  const stated: StatedTensor = {
    shape: [rows.length, d],
    entry: (index, input) => input(x.name, rows[Math.floor(index / d)] * d + (index % d)),
  };
  const statement = `the rows of '${source.name}' are the tokens ${rangesText(rows.map((t) => t + 1))}`;
  const id = `${source.name}.rows`;
  if (source !== x) return proveAffineIdentity(network, source.name, stated, { id, statement, from: [x] });
  const isWhole = sizes(x.shape)[0] === rows.length && rows.every((t, r) => t === r);
  if (!isWhole) return open(affineIdentity, id, statement, 'they are all tokens in their order');
  return mint({ rule: affineIdentity, id, network, domain: null, says: statement, found: null });
}

/** Why the entries of a tensor are not the values of the nets of these names, in their order; null when they are. */
function entriesProblem(slice: Network, to: string, names: readonly string[]): string | null {
  const from = names.flatMap((name) => slice.find(name) ?? []);
  if (from.length < names.length) return 'a net is missing';
  const stated: StatedTensor = {
    shape: names.length === 1 ? [] : [1, names.length],
    entry: (k, input) => input(names[k], 0),
  };
  const id = `${to}.entries`;
  const entries = proveAffineIdentity(slice, to, stated, { id, statement: `the entries of '${to}'`, from });
  return entries.kind === 'open' ? entries.difference : null;
}

/** The parts of a composed net of d numbers as texts in these, z1, ..., zd, and in the parts before. */
export function partsOf(network: Network, { parts, tensors }: NetHint & { readonly kind: 'composed' }, d: number) {
  const at = (tensor: string) => network.nodes.findIndex((node) => node.name === tensor);
  return parts.map((part, k) => {
    const stated = { node: at(tensors[k]), target: toText(compositeOf([part], valueNames(d + k))) };
    if (part.kind !== 'product') return stated;
    const [u, v] = part.of.map((place) => `z${place + 1}`);
    const halves = { plus: `${u}/2 + ${v}/2`, minus: `${u}/2 - ${v}/2` };
    const through = (['plus', 'minus'] as const).map((half) => [at(halfName(tensors[k], half)), halves[half]]);
    return { ...stated, through, within: 'z1^2 - z2^2' };
  });
}
