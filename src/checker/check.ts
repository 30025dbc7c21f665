import { allow, type Budget, spent } from './budget.js';
import { sha256 } from './digest.js';
import { Fact } from './fact.js';
import { brief, demand, demandShown, Malformed, Rejected, Unfinished } from './failure.js';
import { statementOf } from './implied-statement.js';
import { readJson } from './json.js';
import { demandPlain, list, type Network, readNetwork, record, string } from './network.js';
import { ANY_NAMES, RULES } from './rules/index.js';
import { Session } from './session.js';
import { demandShapes } from './shapes.js';
import { withShared } from './shared.js';

/** Since the second format steps may apply lemmas of the book. */
const FORMATS: readonly unknown[] = ['exhibit-certificate-1', 'exhibit-certificate-2'];
const FIELDS = ['format', 'tool', 'theorem', 'params', 'seed', 'network', 'claims', 'unchecked', 'shared'];
const MOST_STEPS = 10_000;

/** About six seconds, and half a gigabyte. */
export const BUDGET: Budget = { work: 600_000_000, memory: 500_000_000 };

/** What became of one claim of a certificate. */
export interface Checked {
  readonly id: string;
  /** `unfinished`: the budget ran out, or the checker does not know an operation or a function. */
  readonly verdict: 'verified' | 'rejected' | 'unfinished';
  /** The closed statement that was verified, the whole of it. */
  readonly statement: string | null;
  /** Why it was not verified. */
  readonly reason: string | null;
  readonly seconds: number;
}

/** What became of a certificate, and what that cost. */
export interface Outcome {
  /**
   * `verified`: every claim is; `unchecked`: it holds no claim that can be checked; `unfinished`: nothing was found wrong,
   * but the check, of the file or of a claim, came to no end.
   */
  readonly verdict: 'verified' | 'rejected' | 'unfinished' | 'unchecked';
  /** The network that the statements are about. */
  readonly sha256: string;
  readonly claims: readonly Checked[];
  /** Claims of the audit that the certificate does not cover, with the reason. */
  readonly unchecked: readonly { readonly id: string; readonly reason: string }[];
  /** The first reason why the certificate was rejected or the check came to no end. */
  readonly reason: string | null;
  readonly seconds: number;
  readonly cost: Budget;
}

/** A certificate as JSON, of which the format and nothing else is known. */
export type Certificate = Readonly<Record<string, unknown>>;

/** Starts a check by reading its certificate. Throws Malformed for what is none, Unfinished when reading takes the budget. */
export function readCertificate(text: string, budget: Budget = BUDGET): Certificate {
  allow(budget);
  const document = readJson(text, 'the file') as Certificate | null;
  const format = document?.format;
  if (!FORMATS.includes(format)) {
    throw new Malformed(`the file has the format ${brief(format)}: allowed is '${FORMATS.join("' or '")}'`);
  }
  return document as Certificate;
}

/** The name of the network file that a certificate states. Throws Malformed where it is no name of a file beside it. */
export function networkFileOf({ network }: Certificate): string {
  const { file } = (network ?? {}) as { file?: unknown };
  if (typeof file !== 'string' || !/^[^/\\\0]{1,255}$/.test(file) || file === '.' || file === '..') {
    throw new Malformed(`the certificate names the network file ${brief(file)}: allowed is a file beside it`);
  }
  return file;
}

/**
 * Checks a certificate, whole or in parts, against the bytes or the text of a network file. Throws Malformed for what is
 * no certificate, and nothing else whatever the texts are.
 */
export function checkCertificate(
  certificate: string | Iterable<string>,
  network: Uint8Array | string,
  budget: Budget = BUDGET,
): Outcome {
  const text = typeof certificate === 'string' ? certificate : [...certificate].join('');
  const bytes = typeof network === 'string' ? Buffer.from(network) : network;
  let document: Certificate;
  try {
    document = readCertificate(text, budget);
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    const nothing = { sha256: sha256(bytes), claims: [], unchecked: [] };
    return { verdict: 'unfinished', ...nothing, reason: error.message, seconds: 0, cost: spent() };
  }
  return checkDocument(document, bytes);
}

/** Checks a certificate that was just read against the bytes of a network file. */
export function checkDocument(document: Certificate, networkFile: Uint8Array): Outcome {
  const start = performance.now();
  const hash = sha256(networkFile);
  const unchecked: { id: string; reason: string }[] = [];
  const claims: Checked[] = [];
  let fault: Rejected | null = null;
  try {
    const fields = record(document, 'the certificate', FIELDS);
    const stated = record(fields.network, 'network', ['file', 'sha256']).sha256;
    demand(stated === hash, `the certificate is about the network ${brief(stated)}, the file holds ${hash}`);
    const network = readNetwork(Buffer.from(networkFile).toString('utf8'), hash);
    demandShapes(network);
    for (const value of list(fields.unchecked, 'unchecked')) {
      const other = record(value, 'an unchecked claim', ['id', 'reason']);
      unchecked.push({ id: string(other.id, 'the id of a claim'), reason: string(other.reason, 'a reason') });
    }
    const given = withShared(fields.claims, list(fields.shared ?? [], 'shared'));
    const stating = list(given, 'claims').map(readClaim);
    demandDistinct([...stating, ...unchecked].map(({ id }) => id));
    claims.push(...checkClaims(network, stating));
  } catch (error) {
    fault = faultOf(error);
  }
  const worst = VERDICTS.find((verdict) => claims.some((claim) => claim.verdict === verdict)) ?? 'unchecked';
  const verdict = fault ? verdictOf(fault) : worst;
  const reason = fault?.message ?? claims.find((claim) => claim.verdict === verdict)?.reason ?? null;
  const seconds = (performance.now() - start) / 1000;
  return { verdict, sha256: hash, claims, unchecked, reason, seconds, cost: spent() };
}

/** From the worst to the best. */
const VERDICTS = ['rejected', 'unfinished', 'verified'] as const;

function verdictOf(fault: Rejected): 'unfinished' | 'rejected' {
  return fault instanceof Unfinished ? 'unfinished' : 'rejected';
}

interface Claim {
  readonly id: string;
  readonly conclusion: unknown;
  readonly steps: readonly unknown[];
}

function readClaim(value: unknown): Claim {
  const fields = record(value, 'a claim', ['id', 'statement', 'conclusion', 'steps']);
  const id = string(fields.id, 'the id of a claim');
  demand(/^[A-Za-z0-9][\w.-]{0,63}$/.test(id), () => `${brief(id)} is no id of letters, digits, _, . and -`);
  const steps = list(fields.steps, `the steps of claim ${id}`);
  demand(steps.length <= MOST_STEPS, () => `claim ${id} has ${steps.length} steps`);
  return { id, conclusion: fields.conclusion, steps };
}

function demandDistinct(ids: readonly string[]): void {
  const seen = new Set<string>();
  for (const id of ids) {
    demand(!seen.has(id), () => `the certificate has two claims ${brief(id)}`);
    seen.add(id);
  }
}

/** Checks claims one by one. After one that failed, nothing of what was worked out for it is used again. */
function checkClaims(network: Network, claims: readonly Claim[]): Checked[] {
  let session = new Session(network);
  return claims.map((claim): Checked => {
    const start = performance.now();
    const found = (verdict: Checked['verdict'], statement: string | null, reason: string | null) => {
      return { id: claim.id, verdict, statement, reason, seconds: (performance.now() - start) / 1000 };
    };
    try {
      return found('verified', checkClaim(session, claim), null);
    } catch (error) {
      session = new Session(network);
      const fault = faultOf(error);
      return found(verdictOf(fault), null, fault.message);
    }
  });
}

/** The statement that a claim's steps prove. */
function checkClaim(session: Session, { id, conclusion, steps }: Claim): string {
  const facts = new Map<string, Fact>();
  for (const step of steps) checkStep(session, step, facts, id);
  const statement = statementOf(session, [...facts.values()], conclusion);
  demand(statement !== null, () => `claim ${id}: its steps do not prove its conclusion ${brief(conclusion)}`);
  return statement;
}

/** Rules that no certificate is written with any more; `exhibit check` translates such steps before the checker sees them. */
export const RETIRED: readonly unknown[] = [
  ...['soft-minimum', 'soft-maximum', 'gated-mass', 'alike-tokens', 'pointwise-minimum'],
  ...['evaluation', 'inner-function', 'same-target'],
];

/** Premises must have been proved before, so that no proof runs in a circle. */
function checkStep(session: Session, value: unknown, facts: Map<string, Fact>, claim: string): void {
  const step = record(value, `a step of claim ${claim}`, ['id', 'rule', 'statement', 'premises', 'data']);
  const id = string(step.id, `the id of a step of claim ${claim}`);
  const place = `step ${brief(id)} of claim ${claim}`;
  demand(!facts.has(id), `${place} stands there twice`);
  const rule = string(step.rule, `the rule of ${place}`);
  demandShown(!RETIRED.includes(rule), `${place}: ${rule} is a rule of the past, see 'exhibit check --renew'`);
  demand(Object.hasOwn(RULES, rule), () => `${place} applies the unknown rule ${brief(rule)}`);
  if (!Object.hasOwn(ANY_NAMES, rule)) demandPlain(session.network);
  const premises = list(step.premises ?? [], `the premises of ${place}`).map((premise) => {
    const fact = facts.get(premise as string);
    demand(fact !== undefined, () => `${place} rests on ${brief(premise)}, which is no earlier step`);
    return fact;
  });
  try {
    facts.set(id, Fact.derive(session, RULES[rule], step.data, premises));
  } catch (error) {
    const fault = faultOf(error);
    const Fault = fault instanceof Unfinished ? Unfinished : Rejected;
    throw new Fault(`${place} (${rule}): ${fault.message}`);
  }
}

/** Why a check went no further; what the runtime refuses for its depth or size is not found wrong. */
function faultOf(error: unknown): Rejected {
  if (error instanceof Rejected) return error;
  if (error instanceof Malformed) return new Rejected(error.message);
  if (error instanceof RangeError) return new Unfinished('it nests deeper, or is larger, than the checker follows');
  return new Rejected(`the check could not be finished: ${brief(String((error as Error)?.message ?? error))}`);
}
