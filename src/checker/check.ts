import { createHash } from 'node:crypto';
import { allow, brief, demand, Malformed, Rejected } from './failure.js';
import { fraction, list, readNetwork, record, string } from './network.js';
import { RULES } from './rules/index.js';
import { type Fact, Session, sameDomain } from './session.js';

const FORMAT = 'exhibit-certificate-1';
const MOST_OPERATIONS = 400_000_000;
const MOST_STEPS = 10_000;

/** The outcome of a check: the statements that were verified, or the one reason why not. */
export interface Outcome {
  readonly verified: boolean;
  /** The network that the statements are about. */
  readonly sha256: string;
  /** Per claim: its id and the closed statement that was verified. */
  readonly claims: readonly { readonly id: string; readonly statement: string }[];
  /** Claims of the audit that the certificate does not cover, with the reason. */
  readonly unchecked: readonly { readonly id: string; readonly reason: string }[];
  /** Why the certificate was rejected. */
  readonly reason: string | null;
}

/** The name of the network file that a certificate states. Throws Malformed for what is no certificate. */
export function networkFileOf(certificate: string): string {
  const { network } = readCertificate(certificate);
  const { file } = (network ?? {}) as { file?: unknown };
  if (typeof file !== 'string' || !/^[^/\\\0]{1,255}$/.test(file) || file === '.' || file === '..') {
    throw new Malformed(`the certificate names the network file ${brief(file)}: allowed is a file beside it`);
  }
  return file;
}

/** Checks a certificate against the bytes of a network file. Throws Malformed for what is no certificate. */
export function check(certificate: string, networkFile: Uint8Array): Outcome {
  const document = readCertificate(certificate);
  const sha256 = createHash('sha256').update(networkFile).digest('hex');
  const claims: { id: string; statement: string }[] = [];
  const unchecked: { id: string; reason: string }[] = [];
  try {
    allow(MOST_OPERATIONS);
    const fields = record(document, 'the certificate', FIELDS);
    const stated = record(fields.network, 'network', ['file', 'sha256']).sha256;
    demand(stated === sha256, `the certificate is about the network ${brief(stated)}, the file holds ${sha256}`);
    const session = new Session(readNetwork(Buffer.from(networkFile).toString('utf8'), sha256));
    for (const value of list(fields.unchecked, 'unchecked')) {
      const { id, reason } = record(value, 'an unchecked claim', ['id', 'reason']);
      unchecked.push({ id: string(id, 'the id of a claim'), reason: string(reason, 'a reason') });
    }
    for (const value of list(fields.claims, 'claims')) claims.push(checkClaim(session, value));
    demand(claims.length > 0, 'the certificate holds no claim that could be checked');
    return { verified: true, sha256, claims, unchecked, reason: null };
  } catch (error) {
    return { verified: false, sha256, claims, unchecked, reason: reasonOf(error) };
  }
}

const FIELDS = ['format', 'tool', 'theorem', 'params', 'seed', 'network', 'claims', 'unchecked'];

function readCertificate(text: string): Readonly<Record<string, unknown>> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Malformed('the file is no JSON, or only a part of it');
  }
  const format = (document as { format?: unknown } | null)?.format;
  if (format !== FORMAT) throw new Malformed(`the file has the format ${brief(format)}: allowed is '${FORMAT}'`);
  return document as Readonly<Record<string, unknown>>;
}

function checkClaim(session: Session, value: unknown): { id: string; statement: string } {
  const fields = record(value, 'a claim', ['id', 'statement', 'conclusion', 'steps']);
  const id = string(fields.id, 'the id of a claim');
  const facts = new Map<string, Fact>();
  let last: Fact | undefined;
  const steps = list(fields.steps, 'steps');
  demand(steps.length <= MOST_STEPS, `claim ${brief(id)} has ${steps.length} steps`);
  for (const step of steps) last = checkStep(session, step, facts, id);
  demand(last !== undefined, `claim ${brief(id)} has no steps`);
  return { id, statement: conclude(session, last, fields.conclusion, id) };
}

/** Premises must have been proved before, so that no proof runs in a circle. */
function checkStep(session: Session, value: unknown, facts: Map<string, Fact>, claim: string): Fact {
  const step = record(value, `a step of claim ${brief(claim)}`, ['id', 'rule', 'statement', 'premises', 'data']);
  const id = string(step.id, `the id of a step of claim ${brief(claim)}`);
  const place = `step ${brief(id)} of claim ${brief(claim)}`;
  demand(!facts.has(id), `${place} stands there twice`);
  const rule = string(step.rule, `the rule of ${place}`);
  demand(Object.hasOwn(RULES, rule), `${place} applies the unknown rule ${brief(rule)}`);
  const premises = list(step.premises ?? [], `the premises of ${place}`).map((premise) => {
    const fact = facts.get(premise as string);
    demand(fact !== undefined, `${place} rests on ${brief(premise)}, which is no earlier step`);
    return fact;
  });
  try {
    const fact = RULES[rule](session, step.data, premises);
    facts.set(id, fact);
    return fact;
  } catch (error) {
    throw new Rejected(`${place} (${rule}): ${reasonOf(error)}`);
  }
}

/** The closed statement of a claim, if the fact of its last step implies it. */
function conclude(session: Session, fact: Fact, conclusion: unknown, claim: string): string {
  if (fact.kind === 'closed') {
    const isSame = JSON.stringify(fact.conclusion) === JSON.stringify(conclusion);
    demand(isSame, `claim ${brief(claim)}: the steps prove ${brief(fact.conclusion)}, stated is ${brief(conclusion)}`);
    return fact.statement;
  }
  const fields = record(conclusion, `the conclusion of claim ${brief(claim)}`, CONCLUSION);
  demand(fields.kind === 'approximation', `claim ${brief(claim)}: its steps prove an approximation`);
  const within = fact.node === session.output(fields.output) ? fact.entries.get(0) : undefined;
  demand(within !== undefined, `claim ${brief(claim)}: its steps end at node ${fact.node}, which is not its output`);
  const domain = session.domain(fields.domain);
  demand(sameDomain(domain, fact.domain), `claim ${brief(claim)}: its steps hold on another domain`);
  const target = session.expressions.parse(fields.target, session.names);
  demand(target === within.target, `claim ${brief(claim)}: its steps prove something about another target`);
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  demand(
    lo.le(within.lo) && within.hi.le(hi),
    `claim ${brief(claim)}: its steps prove [${within.lo}, ${within.hi}] only`,
  );
  const difference = `${fields.output} - (${fields.target})`;
  const bounds = lo.neg().equals(hi) ? `|${difference}| <= ${hi}` : `${lo} <= ${difference} <= ${hi}`;
  return `for all ${session.describeDomain(domain)}: ${bounds}`;
}

const CONCLUSION = ['kind', 'output', 'domain', 'target', 'lo', 'hi'];

function reasonOf(error: unknown): string {
  if (error instanceof Rejected) return error.message;
  return `the check could not be finished: ${brief(String((error as Error)?.message ?? error))}`;
}
