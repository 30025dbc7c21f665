import type { Network } from '../../../network/network.js';
import type { Rational } from '../../../numbers/rational.js';
import { toText } from '../../../symbolic/index.js';
import { demand, derive } from '../../derivation.js';
import { mint, type Outcome } from '../../fact.js';
import { approximated } from '../../propositions/approximation.js';
import type { Rule } from '../../step.js';
import { domainText } from '../inputs.js';
import { meanNodes } from '../row-means.js';
import { indices, numberNamed } from '../tensors.js';
import { type Feature, type Limits, partsOf, proveLayer } from './features.js';
import { proveHeads, proveLeast, type Retrieved } from './minima.js';
import type { NetHint } from './nets.js';
import { composedError, proveReadout, type ReadoutBounds, type ReadoutHint } from './readout.js';
import { interfaceProblem, RETRIEVAL_DOMAIN, type RetrievalTarget, retrievalSentence, retrievalText } from './task.js';

/**
 * y against F_0(min_{S_1} f_1, ..., min_{S_D} f_D) over all inputs: the errors of the features and of the minima add up to
 * e_i for each retrieved value, and F_0 moves by at most the least of L_0 max_i e_i, sum_i L_i e_i and the largest |g . e|
 * over its gradients g; eps_0 is the readout's own error.
 */
export const uniformRetrieval: Rule = {
  id: 'lipschitz-composition',
  tex: '|y - H| \\le \\varepsilon_0 + \\min(L_0 \\max_i e_i,\\ \\textstyle\\sum_i L_i e_i,\\ \\max_g |g \\cdot e|)',
};
/** Tokens times features: more are more work than a checker allows itself, unless it takes the tokens of one kind together. */
const MOST_CERTIFIED = 1 << 15;
const withNet: Rule = { ...uniformRetrieval, id: 'composed-readout' };

/** How the minima are taken: by heads over all tokens, or by nets, each over the tokens of its own set. */
type MinimaHint =
  | { readonly kind: 'heads'; readonly features: string; readonly retrieved: string }
  | {
      readonly kind: 'nets';
      readonly by: 'tree' | 'threshold';
      /** The matrix of the tokens of S_i, the column of the values of feature i, and their minimum. */
      readonly names: readonly { readonly tokens: string; readonly values: string; readonly minimum: string }[];
    };

/** Names of tensors, and what is to be read there. Nothing is trusted: a wrong hint leaves the claim open. */
export interface RetrievalHints {
  /** The nets of the features, in their order. */
  readonly nets: readonly NetHint[];
  readonly minima: MinimaHint;
  /** The readout's own net; null where F_0 is piecewise linear. */
  readonly readout: ReadoutHint | null;
}

/** What the rule found, whole or in part; the outcomes alone count for a verdict. */
export interface Retrieval {
  readonly outcomes: readonly Outcome[];
  readonly features: readonly Feature[] | null;
  readonly retrieved: readonly Retrieved[] | null;
  readonly readout: ReadoutBounds | null;
  /** Inverse temperatures; null where a minimum is taken by a net. */
  readonly beta: readonly Rational[] | null;
  /** The bound for all inputs. */
  readonly hi: Rational | null;
}

type Progress = (message: string, done?: number, total?: number) => void;

/** Applies the rule. */
export function proveRetrieval(
  network: Network,
  target: RetrievalTarget,
  { nets, minima, readout: own }: RetrievalHints,
  limits: Limits & { readonly progress: Progress },
): Retrieval {
  const { deadline, progress } = limits;
  const known: Known = { features: null, retrieved: null, readout: null, beta: null, hi: null };
  const aim = { rule: uniformRetrieval, id: 'composition', statement: 'y against H' };
  const { outcomes } = derive(aim, (take, join) => {
    const problem = interfaceProblem(network, target);
    demand(problem === null, `${problem}`);
    const areMeans = minima.kind === 'heads';
    const rows = areMeans ? rowsFor(network, minima, nets) : null;
    if (areMeans) {
      progress('enclosing the features');
      const all = nets.map((net, feature) => ({ feature, net }));
      const layer = { from: network.inputs[0].name, to: minima.features, rows: indices(target.T), nets: all };
      known.features = join(proveLayer(network, target, layer, { ...limits, areInside: rows !== null }));
      progress('reading the heads');
      const heads = join(proveHeads(network, target, known.features, minima, rows));
      Object.assign(known, heads);
    } else {
      const found = minima.names.map(({ tokens, values, minimum }, i) => {
        progress('enclosing the features', i, nets.length);
        const layer = { from: tokens, to: values, rows: target.positions[i], nets: [{ feature: i, net: nets[i] }] };
        const [feature] = join(proveLayer(network, target, layer, limits));
        return { feature, least: join(proveLeast(network, i, feature, { name: minimum, by: minima.by })) };
      });
      known.features = found.map(({ feature }) => feature);
      known.retrieved = found.map(({ least }) => least);
    }
    const [features, retrieved] = [known.features, known.retrieved!];
    progress('enclosing the readout');
    const bounds = join(proveReadout(network, target, features, retrieved, own, { deadline, areMeans }));
    const errors = retrieved.map(({ error }) => error);
    const hi = composedError(errors, bounds);
    take(composition(network, target, own, { features, retrieved, bounds, hi, isByRows: rows !== null }));
    Object.assign(known, { readout: bounds, hi });
  });
  return { outcomes, ...known };
}

type Known = { -readonly [K in keyof Omit<Retrieval, 'outcomes'>]: Retrieval[K] };

/** The tensors by which a checker takes tokens of one kind together; null where it looks at all of them. */
function rowsFor(network: Network, minima: MinimaHint & { readonly kind: 'heads' }, nets: readonly NetHint[]) {
  const isPlain = nets.every(({ kind }) => kind !== 'composed');
  return isPlain ? meanNodes(network, network.find(minima.features), network.find(minima.retrieved)) : null;
}

/** The fact about all inputs. */
function composition(
  network: Network,
  target: RetrievalTarget,
  net: ReadoutHint | null,
  { features, retrieved, bounds, hi, isByRows }: Composed,
): Outcome {
  const [{ name: output, node }] = network.outputs;
  const place = {
    node: network.nodes.indexOf(node),
    readout: toText(target.readout),
    z: retrieved.map((one) => [network.nodes.indexOf(one.node), one.entry]),
  };
  const whole = net && { node: numberNamed(network, net.name), target: place.readout };
  const parts = net && (net.kind === 'composed' ? partsOf(network, net, retrieved.length) : [whole]);
  const isSmall = target.T * target.features.length <= MOST_CERTIFIED;
  const isCheckable = (isSmall || isByRows) && [bounds, ...features.map((one) => one.bounds)].every(isChecked);
  const ends = { lo: hi.neg(), hi };
  return mint({
    ...{ rule: net ? withNet : uniformRetrieval, id: 'composition', network, found: null },
    domain: domainText(network, RETRIEVAL_DOMAIN),
    says: retrievalSentence(network, target, ends),
    enclosure: { lo: null, hi },
    premises: [...retrieved.flatMap(({ fact, range }) => (net && range ? [fact, range] : [fact])), ...bounds.facts],
    evidence: () => (parts ? { ...place, parts } : place),
    withheld: 'not put before the checker, for the number of tokens or of pieces',
    ...(isCheckable && {
      conclusion: approximated({ output, domain: RETRIEVAL_DOMAIN, target: retrievalText(target) }, ends),
    }),
  });
}

/** What the bound is put together of. */
interface Composed {
  readonly features: readonly Feature[];
  readonly retrieved: readonly Retrieved[];
  readonly bounds: ReadoutBounds;
  readonly hi: Rational;
  readonly isByRows: boolean;
}

const isChecked = ({ isCheckable }: { readonly isCheckable: boolean }) => isCheckable;
