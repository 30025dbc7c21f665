import { unitBox } from '../../../enclose/box.js';
import type { Span } from '../../../enclose/interpolation.js';
import type { Network, Node } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { tokenWise } from '../../../network/token-wise.js';
import type { Rational } from '../../../numbers/rational.js';
import { rangesText } from '../../../statement/index.js';
import { compositeOf } from '../../../symbolic/composition.js';
import { toText } from '../../../symbolic/index.js';
import { type Derived, derive, found, Mismatch } from '../../derivation.js';
import { type Fact, mint, type Outcome, open } from '../../fact.js';
import type { Rule } from '../../step.js';
import { affineIdentity, proveAffineIdentity, type StatedTensor } from '../affine-identity.js';
import { composedNet, halfName } from '../composed-net.js';
import { domainText } from '../inputs.js';
import type { EntryRange } from '../lemma-application.js';
import { supremumNorm } from '../sup-norm.js';
import { numberNamed, tensorNamed } from '../tensors.js';
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

/** The features of a layer in the order of its nets, each with two facts. */
export function proveLayer(
  network: Network,
  target: RetrievalTarget,
  { from, to, rows, nets }: FeatureLayer,
  limits: Limits,
): Derived<readonly Feature[]> {
  const domain = domainText(network, RETRIEVAL_DOMAIN);
  const says = `'${to}' applies the same nets to every token`;
  return derive({ rule: tokenWiseRule, id: `${to}.layer`, statement: says }, (take, join) => {
    const [source, values] = [from, to].map((name) => tensorNamed(network, name));
    const tokens = take(proveRows(network, target, source, rows));
    const slice = found(tokenWise(source, values));
    demandEntries(
      slice,
      to,
      nets.map(({ net }) => net.name),
    );
    const layer = take(mint({ rule: tokenWiseRule, id: `${to}.layer`, network, domain: null, says, found: null }));
    const box = unitBox(tokenNames(target.d));
    const featureOf = ({ feature: i, net }: (typeof nets)[number], column: number): Derived<Feature> => {
      const rule = net.kind === 'composed' ? composedNet : supremumNorm;
      const statement = `'${net.name}' - f_${i + 1} is bounded at every token`;
      return derive({ rule, id: `feature${i + 1}`, statement }, (take) => {
        const bounds = boundNet(slice, net, target.features[i], box, limits);
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
            ...{ rule, id, network, domain },
            found: { node: values, entries: places, lo, hi },
            says: `${what} lies between ${lo} and ${hi} at every token`,
            enclosure: { lo, hi },
            premises: [tokens, layer],
            evidence: () => {
              if (limits.areInside) return null;
              return {
                ...place(of),
                target: text,
                ...(parts ? { parts } : { lo: `${toShow.lo}`, hi: `${toShow.hi}` }),
              };
            },
          });
        const text = featureText(target, i);
        // A checker has to write the target of every token down: of those alone over which the minimum is taken.
        const apart = { lo: below.neg(), hi: above };
        const error = take(fact(`feature${i + 1}`, `'${net.name}' - f_${i + 1}`, text, apart, used, shown));
        const image = { lo: least, hi: most };
        const range = take(fact(`range${i + 1}`, `'${net.name}'`, '0', image, [...rows.keys()], image));
        return { bounds, error, range, node: values, entries, tokens: rows };
      });
    };
    return nets.map((net, column) => join(featureOf(net, column)));
  });
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

/** Demands that the entries of a tensor are the values of the nets of these names, in their order. */
function demandEntries(slice: Network, to: string, names: readonly string[]): void {
  const from = names.map((name) => tensorNamed(slice, name));
  const stated: StatedTensor = {
    shape: names.length === 1 ? [] : [1, names.length],
    entry: (k, input) => input(names[k], 0),
  };
  const id = `${to}.entries`;
  const entries = proveAffineIdentity(slice, to, stated, { id, statement: `the entries of '${to}'`, from });
  if (entries.kind === 'open') throw new Mismatch(entries.difference);
}

/** The parts of a composed net of d numbers as texts in these, z1, ..., zd, and in the parts before. */
export function partsOf(network: Network, { parts, tensors }: NetHint & { readonly kind: 'composed' }, d: number) {
  const at = (tensor: string) => numberNamed(network, tensor);
  return parts.map((part, k) => {
    const stated = { node: at(tensors[k]), target: toText(compositeOf([part], valueNames(d + k))) };
    if (part.kind !== 'product') return stated;
    const [u, v] = part.of.map((place) => `z${place + 1}`);
    const halves = { plus: `${u}/2 + ${v}/2`, minus: `${u}/2 - ${v}/2` };
    const through = (['plus', 'minus'] as const).map((half) => [at(halfName(tensors[k], half)), halves[half]]);
    return { ...stated, through, within: 'z1^2 - z2^2' };
  });
}
