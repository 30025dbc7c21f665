import { describe, expect, it } from 'vitest';
import { type ClaimResult, type Result, verify } from '../../src/audit/verify.js';
import { InputError } from '../../src/errors.js';
import { resolveInstance } from '../../src/library/instance.js';
import { canonicalForm } from '../../src/network/canonical.js';
import { isOp, type Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import type { Proposition } from '../../src/proof/proposition.js';
import type { Approximation } from '../../src/proof/propositions/approximation.js';
import { audited } from '../generators/audits.js';
import { SMALL } from '../generators/certificates.js';
import { changesOfNumbers, changesOfStructure, type NetworkMutant } from '../generators/mutants-network.js';
import { rebuilt } from '../generators/rebuild.js';
import { IS_WHOLE, NIGHTLY, sliced } from '../generators/thinned.js';
import { counterexample, formula } from '../generators/truth.js';

/** Mutants tried for each instance and each kind of change. */
const MOST = NIGHTLY ? 160 : 4;

/** Seconds for a mutant: what is not decided by then is undecided, which is no false proof. */
const TIME_LIMIT = NIGHTLY ? 60 : 1;

/** What claims say of every network with the same inputs and outputs, by their names. */
type Stated = ReadonlyMap<string, Proposition>;

const FAR = '1000000';

/** Claims that do not speak of the audited network, or only of its size, which is counted. */
const NOT_OF_THE_NETWORK = ['exponent', 'threshold', 'cost'];
/**
 * That a supremum is attained, and that no other network has this response, is seen at no point; the sharp distance of `rows`
 * for odd n has no closed statement in a certificate.
 */
const NOT_TRIED = ['rate', 'barrier', 'norm-price', 'rows'];
/** The bound is half the margin of the audited network itself. */
const OF_ITSELF = ['absent'];
const OF_BUILT: ReadonlySet<string> = new Set([
  ...['parameters', 'weight', 'size', 'collision', 'arithmetic', 'values', 'instance', 'box-counting'],
  ...['response-distance', 'order-barrier', 'hankel-value', 'singular-value', 'scaling-limit'],
]);

/** The theorem's claims, closed; where a certificate says more than the claim, less. */
function statedBy({ claims }: Result): Stated {
  const found = new Map<string, Proposition>();
  for (const { id, conclusion, predicted, statement } of claims) {
    // What is asked for, or attained, is a number of the audited network's own.
    if (statement?.includes('?')) continue;
    const own = conclusion?.() as (Proposition & { lo: string; hi: string }) | undefined;
    if (id === 'least-norm') found.set(id, found.get('error')!);
    // What the entries and the times of the audited network are is no part of these claims.
    if (id === 'least-norm' || id === 'norm-price') continue;
    const error = claims[0].conclusion?.();
    // A certificate names the least and the largest value of the audited network.
    if (id === 'range' && error && 'target' in error && 'domain' in error) {
      found.set(id, rangeOf(error as Approximation));
      continue;
    }
    if (!own || isOfBuilt(own)) continue;
    const [lo, hi] = [own.lo, own.hi];
    if (id === 'one-sided') found.set(id, { ...own, ...(lo === '0' ? { hi: FAR } : { lo: `-${FAR}` }) });
    else if (own.kind === 'approximation' && claims[0].claim.id === 'error' && isTwoSided(claims[0]))
      found.set(id, { ...own, lo: lo === '0' ? `-${hi}` : lo } as Proposition);
    else if (own.kind === 'continuation' && id === 'error') found.set(id, { ...own, margin: '0' } as Proposition);
    else if (id === 'shape') found.set(id, { ...own, value: FAR } as Proposition);
    else if (own.kind === 'derivative') found.set(id, { ...own, bound: `${predicted}` });
    else found.set(id, own);
  }
  return found;
}

/** Sizes of the built network, numbers alone, and single values say nothing of another network. */
function isOfBuilt(conclusion: Proposition): boolean {
  if (conclusion.kind === 'all') return conclusion.of.every(isOfBuilt);
  return OF_BUILT.has(conclusion.kind);
}

/** The output between the least and the largest value of the target, a function of one number, and little more. */
function rangeOf({ output, domain, target }: Approximation): Approximation {
  const [[name, sides]] = Object.entries(domain);
  const [from, to] = sides!.map(Number);
  const value = formula(target, name, [1]);
  const values = Array.from({ length: 20_001 }, (_, k) => value([from + ((to - from) * k) / 20_000]));
  const [lo, hi] = [Math.min(...values) - LITTLE, Math.max(...values) + LITTLE].map((end) => end.toFixed(12));
  return { kind: 'approximation', output, domain, target: '0', lo, hi };
}

const LITTLE = 1e-6;

const isTwoSided = ({ statement }: ClaimResult) => /\|y - /.test(statement ?? '');

/** Why a proved claim is false of the network; null where no point contradicts it. */
function falsehood(claim: ClaimResult, stated: Stated, built: Result, result: Result, text: string): string | null {
  const own = claim.conclusion?.();
  const before = built.claims.find(({ id }) => id === claim.id);
  const isRelative = OF_ITSELF.includes(claim.id);
  const isMoved = before?.predicted && !isRelative && !claim.predicted?.equals(before.predicted);
  if (isMoved) return `the theorem's bound ${before.predicted} has become ${claim.predicted}`;
  const known = isRelative ? undefined : stated.get(claim.id);
  const trials: [Proposition, string][] = [];
  if (known) trials.push([known, text]);
  if (own) trials.push([own, [...canonicalForm(result.network)].join('')]);
  const isOther = [...NOT_OF_THE_NETWORK, ...NOT_TRIED, 'parameters'].includes(claim.id);
  if (trials.length === 0 && !isOther) return 'nothing is known of what it says';
  return firstFault(trials);
}

/** Why |output - target| is above the upper end that is reported of it, whatever the verdict. */
function crossing(claim: ClaimResult, stated: Stated, text: string): string | null {
  const known = stated.get(claim.id);
  const hi = claim.enclosure?.hi;
  if (known?.kind !== 'approximation' || !hi || !isTwoSided(claim)) return null;
  return firstFault([[{ ...known, lo: `${hi.neg()}`, hi: `${hi}` }, text]]);
}

function firstFault(trials: readonly (readonly [Proposition, string])[]): string | null {
  for (const [conclusion, network] of trials) {
    const found = counterexample(JSON.stringify({ claims: [{ conclusion, steps: [] }] }), network);
    if (found) return found;
  }
  return null;
}

interface Score {
  refused: number;
  refuted: number;
  undecided: number;
  proved: number;
  readonly false: string[];
}

const newScore = (): Score => ({ refused: 0, refuted: 0, undecided: 0, proved: 0, false: [] });

const OPTIONS = { seed: 0, digits: 17, execution: [], progress: () => {} };

/** Evenly many of each list. */
function some<T>(all: readonly T[], most: number): T[] {
  const stride = Math.max(1, all.length / most);
  return Array.from({ length: Math.min(most, all.length) }, (_, k) => all[Math.floor(k * stride)]);
}

describe('claims about networks with one change', () => {
  const total = newScore();
  const instances = SMALL.filter(([theorem]) => !/infoflow-calculus|memorize-duplicates/.test(theorem));

  it.each(instances)(
    'of %s %s are proved only where they are true',
    { timeout: NIGHTLY ? 1_200_000 : 60_000 },
    async (argument, params) => {
      const { theorem, instance } = await resolveInstance(argument, { param: params });
      const built = await verify(theorem, instance, OPTIONS);
      const stated = statedBy(built);
      const score = newScore();
      const tryOut = async ({ what, text, network }: NetworkMutant) => {
        const changed = network();
        const result = changed && (await auditOf(changed));
        if (!result) {
          score.refused += 1;
          return;
        }
        for (const claim of result.claims) {
          const isProved = claim.verdict === 'proved';
          const fault = (isProved && falsehood(claim, stated, built, result, text)) || crossing(claim, stated, text);
          if (fault) score.false.push(`${what}: ${claim.id}: ${fault}`);
        }
        score[result.verdict] += 1;
      };
      /** Null for a network that the theorem's claims cannot be asked of. */
      const auditOf = async (network: Network): Promise<Result | null> => {
        try {
          return await verify(theorem, instance, { ...OPTIONS, timeLimit: TIME_LIMIT, network: () => network });
        } catch (error) {
          if (error instanceof InputError) return null;
          throw error;
        }
      };
      for (const mutant of sliced(some([...changesOfStructure(built.network)], MOST))) await tryOut(mutant);
      for (const mutant of sliced(some([...changesOfNumbers(built.network)], MOST))) await tryOut(mutant);
      expect(score.false).toEqual([]);
      for (const kind of ['refused', 'refuted', 'undecided', 'proved'] as const) total[kind] += score[kind];
    },
  );

  it('prints the score', () => {
    const { refused, refuted, undecided, proved } = total;
    const all = refused + refuted + undecided + proved;
    console.log(
      `mutants of networks: ${all}: ${refused} refused, ${refuted} refuted, ${undecided} undecided, ` +
        `${proved} proved and still true, 0 falsely proved`,
    );
    expect(refuted + undecided).toBeGreaterThan(proved);
    if (IS_WHOLE) expect(all).toBeGreaterThan(NIGHTLY ? 5000 : 280);
  });
});

describe('a head whose keys are not transposed', () => {
  it('proves nothing: the inner products are of other vectors', async () => {
    const params = ['T=2', 'd=2', 'A=["0 1; -1 0"]', 'eps=1/10'];
    const change = (network: Network) =>
      rebuilt(network, (node) =>
        isOp(node, 'transpose') && node.shape.every(({ size }) => size === 2)
          ? { ...node, attributes: { perm: [0, 1] } }
          : node,
      );
    expect((await audited('two-layer-pairwise-max', params)).claim('error').verdict).toBe('proved');
    const { verdict, enclosure } = (await audited('two-layer-pairwise-max', params, { change })).claim('error');
    expect(verdict).not.toBe('proved');
    // The error at X = ((1, 1), (-1, 1)) is 2.
    if (enclosure?.hi) expect(Rational.of(19, 10).le(enclosure.hi)).toBe(true);
  });
});
