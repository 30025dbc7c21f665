import { dirname } from 'node:path';
import { isInterrupted, Unfinished, within } from '../deadline.js';
import { InputError, quote } from '../errors.js';
import { UnsupportedOperation } from '../evaluate/algebra.js';
import type { Target } from '../evaluate/target.js';
import { isMeasured } from '../execution/claim.js';
import { claimsOf } from '../execution/drawn.js';
import type { Instance } from '../instance/instance.js';
import { readParameters } from '../instance/parameters.js';
import type { Network } from '../network/network.js';
import { undecided } from '../proof/claims.js';
import { findingOfClaim } from '../proof/prove-claim.js';
import type { Audit, Construction, Finding, Hypothesis, Theorem } from '../proof/theorem.js';
import { overall } from '../proof/verdict.js';
import { entry, Looks, printTerm } from '../statement/index.js';
import { type AnyClaim, admissible, checkBounds, checkBoundUsed, checkEnds, checkIds } from './claim-checks.js';
import { demandDivisors } from './divisors.js';
import { checkDefinitions, checkInterface, hasSameOperations } from './given-network.js';

/** What was asked for beside the instance. */
export interface VerifyOptions {
  readonly seed: number;
  readonly digits: number;
  /** Seconds for all searches together. */
  readonly timeLimit?: number;
  /** Audits this network in place of the one that is built. */
  readonly network?: (built: Network) => Network | Promise<Network>;
  readonly execution: readonly Target[];
  progress(message: string, done?: number, total?: number): void;
}

export interface ClaimResult extends Finding {
  readonly claim: AnyClaim;
  readonly id: string;
  /** What the verdict is about, where the statement leaves it open or says it in other words: the bound found for `?`. */
  readonly decided?: string;
  /** The statement in TeX, where it is one of the language. */
  readonly tex?: string;
  readonly seconds: number;
  /** Whether the checker verified the claim; otherwise why it did not. Absent before it was asked. */
  readonly checked?: true | string;
}

/** The outcome of an audit, in exact numbers. */
export interface Result {
  readonly theorem: Theorem;
  readonly params: Readonly<Record<string, unknown>>;
  /** Bounds that the instance stated for claims, by their ids. */
  readonly bounds: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly digits: number;
  readonly verdict: 'proved' | 'refuted' | 'undecided';
  readonly claims: readonly ClaimResult[];
  readonly network: Network;
  readonly hypotheses: readonly Hypothesis[];
  readonly notes: readonly string[];
  readonly seconds: number;
  /** What the checker took of it. */
  readonly checkSeconds?: number;
}

/** An instance's parameters, read, and the network that its theorem builds for them, which divides by no 0 that is one throughout. */
export async function construct(
  theorem: Theorem,
  instance: Instance,
  seed: number,
): Promise<{ params: Readonly<Record<string, unknown>>; construction: Construction<unknown>; directory: string }> {
  const params = readParameters(theorem.id, theorem.parameters, instance.params, instance.file);
  const directory = instance.file ? dirname(instance.file) : process.cwd();
  const construction = await placedInInstance(instance, async () =>
    theorem.construct(params as never, { directory, seed }),
  );
  demandDivisors(construction.network);
  return { params, construction, directory };
}

/** What a construction finds wrong with a parameter, with the file and the line where the instance gives it. */
function placedInInstance<T>({ file, params }: Instance, build: () => Promise<T>): Promise<T> {
  return build().catch((error) => {
    if (!(error instanceof InputError)) throw error;
    const { fault } = error;
    const isPlaced = fault.file !== undefined || fault.line !== undefined;
    throw isPlaced ? error : error.at({ file, ...params.get(fault.field ?? '')?.place });
  });
}

/** Without this, a theorem that says nothing for some parameters would be proved for them. */
function checkSomeApply(theorem: Theorem, claims: readonly { readonly kind: string }[]): void {
  const isShown = ({ kind }: { readonly kind: string }) => kind !== 'execution';
  if (!theorem.claims.some(isShown) || claims.some(isShown)) return;
  throw new InputError({
    found: `parameters for which ${theorem.id} claims nothing`,
    allowed: `those for which the condition of one of its claims holds: ${theorem.claims.map(({ id }) => id).join(', ')}`,
    mend: `see the claims and parameters by 'exhibit show ${theorem.id}'`,
  });
}

/** Builds the instance's network, proves its theorem's claims about it and collects the verdicts. */
export async function verify(theorem: Theorem, instance: Instance, options: VerifyOptions): Promise<Result> {
  const start = performance.now();
  const limit = options.timeLimit ?? Number.POSITIVE_INFINITY;
  const deadline = start + performance.timeOrigin + limit * 1000;
  const { params, construction, directory } = await within(deadline, () =>
    construct(theorem, instance, options.seed),
  ).catch((error) => {
    throw error instanceof Unfinished ? unbuilt(limit) : error;
  });
  checkNames(construction.network);
  const network = options.network ? await options.network(construction.network) : construction.network;
  checkInterface(network, construction.network);
  if (options.network && theorem.isObject) checkDefinitions(network, construction.network);
  const hasForeignNames = network !== construction.network && !hasSameOperations(network, construction.network);
  const all = claimsOf(theorem);
  const claims = all.filter((claim) => claim.applies?.(params as never, construction.design as never) ?? true);
  checkIds(theorem, claims);
  checkSomeApply(theorem, claims);
  checkBounds(instance, claims, all);
  const results: ClaimResult[] = [];
  let examined: Promise<unknown> | undefined;
  for (const claim of claims) {
    // What is proved so far is kept, and a user who has had enough waits for no further claim.
    if (isInterrupted()) {
      results.push({ ...UNBEGUN, claim: claim as never, id: claim.id, seconds: 0 });
      continue;
    }
    options.progress(claim.statement);
    const audit: Audit<unknown, unknown> = {
      theorem: theorem.id,
      params,
      design: construction.design,
      network,
      hasForeignNames,
      directory,
      seed: options.seed,
      stated: instance.bounds.get(claim.id),
      digits: options.digits,
      deadline,
      progress: options.progress,
      approximation: results.find((result) => isApproximation(result, network))?.enclosure ?? null,
      execution: options.execution,
    };
    const began = performance.now();
    examined ??= within(audit.deadline, async () => theorem.examine?.(audit as never));
    const findings = await findingsOf(claim, audit as never, () => examined!);
    const seconds = (performance.now() - began) / 1000 / Math.max(1, findings.length);
    for (const finding of findings) {
      checkEnds(claim, finding);
      checkBoundUsed(instance, claim, finding);
      const id = finding.suffix ? `${claim.id}.${finding.suffix}` : claim.id;
      results.push({ ...finding, verdict: admissible(claim, finding.verdict), claim: claim as never, id, seconds });
    }
  }
  return {
    theorem,
    params: showParams(theorem, params),
    bounds: Object.fromEntries([...instance.bounds].map(([id, bound]) => [id, String(bound)])),
    seed: options.seed,
    digits: options.digits,
    verdict: overall(results.map((result) => result.verdict)),
    claims: results,
    network,
    hypotheses: theorem.hypotheses?.(params as never, construction.design) ?? [],
    notes: construction.notes ?? [],
    seconds: (performance.now() - start) / 1000,
  };
}

const UNBEGUN = undecided([], 'none', 'interrupted before it was begun');

/** Without its network there is nothing to say of a theorem. */
function unbuilt(limit: number): InputError {
  const found = isInterrupted()
    ? 'interrupted before the network was built'
    : `${limit} s, over before the network was built`;
  return new InputError({ field: '--time-limit', found, mend: 'give it more time' });
}

/** What bounds the distance of the network from its target; the claim `error` of a barrier bounds that of others. */
function isApproximation({ claim: { id, kind }, statement = '' }: ClaimResult, { inputs }: Network): boolean {
  return id === 'error' && (kind === 'bound' || kind === 'identity') && !isOfNoTarget(statement, inputs);
}

/** Whether it bounds what the outputs alone are, such as their spread, or how far two points of one network are apart. */
function isOfNoTarget(statement: string, inputs: Network['inputs']): boolean {
  const [prefix, quantity = ''] = statement.startsWith('for all ') ? statement.split(':', 2) : [];
  if (prefix?.includes("'")) return true;
  if (prefix === undefined || quantity.includes('|')) return false;
  const words = quantity.split(/[^\p{L}\p{N}_.]+/u);
  // The only input is also called x.
  return ![...inputs.map(({ attributes }) => attributes.name), 'x'].some((name) => words.includes(name));
}

/** A claim that is measured reports a finding; any other is a statement, and its verdict is derived. */
function withoutStatement({ id }: AnyClaim, { theorem }: Audit<never, never>): InputError {
  return new InputError({
    field: `${theorem}, claim ${quote(id)}`,
    found: 'a claim without a statement',
    allowed: '`says`, a text or a sentence of a rule, and `prove`, which returns { outcomes, method }',
  });
}

/**
 * A network read from a file may need arithmetic that the claim's rules do not have, and the time may be over within one
 * computation: then nothing is decided.
 */
async function findingsOf(
  claim: AnyClaim,
  audit: Audit<never, never>,
  examined: () => Promise<unknown>,
): Promise<readonly Finding[]> {
  try {
    return await within(audit.deadline, async () => {
      if ('says' in claim) return [await findingOfClaim(claim as never, audit, await examined())];
      if (!isMeasured(claim)) throw withoutStatement(claim, audit);
      return [await claim.prove({ ...audit, examined: await examined() } as never)].flat();
    });
  } catch (error) {
    if (!(error instanceof UnsupportedOperation || error instanceof Unfinished)) throw error;
    return [undecided([], 'none', error.message)];
  }
}

/** Rules write these names into statements, where `y - 5` would read as a difference and an output `x` as the input. */
function checkNames({ inputs, outputs }: Network): void {
  const names = [...inputs.map(({ attributes }) => attributes.name), ...outputs.map(({ name }) => name)];
  const looks = new Looks();
  const odd = names.find(
    (name, k) =>
      !READABLE.test(name) || printTerm(entry(name)) !== name || names.indexOf(name) < k || looks.other(name),
  );
  if (odd === undefined) return;
  throw new InputError({
    found: `an input or output of the built network called ${quote(odd)}`,
    allowed:
      'names of Latin or Greek letters, digits and _, each once, that are no words of the statement language and look like no other one',
  });
}

const READABLE = /^[\p{L}_][\p{L}\p{N}_]*$/u;

function showParams(theorem: Theorem, params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(theorem.parameters).map(([name, parameter]) => [name, parameter.show(params[name] as never)]),
  );
}
