import type { Network } from '../../../network/network.js';
import type { Rational } from '../../../numbers/rational.js';
import { toText } from '../../../symbolic/index.js';
import { mint, type Outcome, open } from '../../fact.js';
import { approximated } from '../../propositions/approximation.js';
import type { Rule } from '../../step.js';
import { domainText } from '../inputs.js';
import { meanNodes } from '../row-means.js';
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
  hints: RetrievalHints,
  limits: Limits & { readonly progress: Progress },
): Retrieval {
  const { deadline, progress } = limits;
  const outcomes: Outcome[] = [];
  const nothing = { outcomes, features: null, retrieved: null, readout: null, beta: null, hi: null };
  const problem = interfaceProblem(network, target);
  if (problem) return { ...nothing, outcomes: [open(uniformRetrieval, 'composition', 'y against H', problem)] };
  const found = proveMinima(network, target, hints, limits, outcomes);
  if (!found.features || !found.retrieved) return { ...nothing, ...found };
  progress('enclosing the readout');
  const areMeans = hints.minima.kind === 'heads';
  const readout = proveReadout(network, target, found.features, found.retrieved, hints.readout, { deadline, areMeans });
  outcomes.push(...readout.outcomes);
  if (!readout.bounds) return { ...nothing, ...found };
  const errors = found.retrieved.map(({ error }) => error);
  const hi = composedError(errors, readout.bounds);
  outcomes.push(composition(network, target, hints, found.features, found.retrieved, readout.bounds, hi));
  return { outcomes, ...found, readout: readout.bounds, hi };
}

type Found = Pick<Retrieval, 'features' | 'retrieved' | 'beta'>;

/** The features, and the minima of them; outcomes are added to the list. */
function proveMinima(
  network: Network,
  target: RetrievalTarget,
  { nets, minima }: RetrievalHints,
  limits: Limits & { readonly progress: Progress },
  outcomes: Outcome[],
): Found {
  const D = target.features.length;
  if (minima.kind === 'heads') {
    limits.progress('enclosing the features');
    const layer = {
      ...{ from: network.inputs[0].name, to: minima.features, rows: Array.from({ length: target.T }, (_, t) => t) },
      nets: target.features.map((_, feature) => ({ feature, net: nets[feature] })),
    };
    const rows = rowsFor(network, minima, nets);
    const own = proveLayer(network, target, layer, { ...limits, areInside: rows !== null });
    outcomes.push(...own.outcomes);
    if (!own.features) return { features: null, retrieved: null, beta: null };
    limits.progress('reading the heads');
    const heads = proveHeads(network, target, own.features, minima, rows);
    outcomes.push(...heads.outcomes);
    return { features: own.features, retrieved: heads.retrieved, beta: heads.beta };
  }
  const features: Feature[] = [];
  const retrieved: Retrieved[] = [];
  for (const [i, { tokens, values, minimum }] of minima.names.entries()) {
    limits.progress('enclosing the features', i, D);
    const layer = { from: tokens, to: values, rows: target.positions[i], nets: [{ feature: i, net: nets[i] }] };
    const own = proveLayer(network, target, layer, limits);
    outcomes.push(...own.outcomes);
    if (!own.features) return { features: null, retrieved: null, beta: null };
    const least = proveLeast(network, i, own.features[0], { name: minimum, by: minima.by });
    outcomes.push(...least.outcomes);
    features.push(own.features[0]);
    if (!least.retrieved) return { features: null, retrieved: null, beta: null };
    retrieved.push(least.retrieved);
  }
  const isWhole = features.length === D;
  return { features: isWhole ? features : null, retrieved: isWhole ? retrieved : null, beta: null };
}

/** The tensors by which a checker takes tokens of one kind together; null where it looks at all of them. */
function rowsFor(network: Network, minima: MinimaHint & { readonly kind: 'heads' }, nets: readonly NetHint[]) {
  const isPlain = nets.every(({ kind }) => kind !== 'composed');
  return isPlain ? meanNodes(network, network.find(minima.features), network.find(minima.retrieved)) : null;
}

/** The fact about all inputs. */
function composition(
  network: Network,
  target: RetrievalTarget,
  { readout: net, minima, nets }: RetrievalHints,
  features: readonly Feature[],
  retrieved: readonly Retrieved[],
  readout: ReadoutBounds,
  hi: Rational,
): Outcome {
  const [{ name: output, node }] = network.outputs;
  const place = {
    node: network.nodes.indexOf(node),
    readout: toText(target.readout),
    z: retrieved.map((one) => [network.nodes.indexOf(one.node), one.entry]),
  };
  const whole = net && { node: network.nodes.findIndex(({ name }) => name === net.name), target: place.readout };
  const parts = net && (net.kind === 'composed' ? partsOf(network, net, retrieved.length) : [whole]);
  const isByRows = minima.kind === 'heads' && rowsFor(network, minima, nets) !== null;
  const isSmall = target.T * target.features.length <= MOST_CERTIFIED;
  const isCheckable =
    (isSmall || isByRows) && readout.isCheckable && features.every(({ bounds }) => bounds.isCheckable);
  return mint({
    ...{ rule: net ? withNet : uniformRetrieval, id: 'composition', network, found: null },
    domain: domainText(network, RETRIEVAL_DOMAIN),
    says: retrievalSentence(network, target, { lo: hi.neg(), hi }),
    enclosure: { lo: null, hi },
    premises: [...retrieved.flatMap(({ fact, range }) => (net && range ? [fact, range] : [fact])), ...readout.facts],
    evidence: () => (parts ? { ...place, parts } : place),
    withheld: 'not put before the checker, for the number of tokens or of pieces',
    ...(isCheckable && {
      conclusion: approximated(
        { output, domain: RETRIEVAL_DOMAIN, target: retrievalText(target) },
        { lo: hi.neg(), hi },
      ),
    }),
  });
}
