import { createHash } from 'node:crypto';
import { allow, brief, demand, Malformed, Rejected } from './failure.js';
import { fraction, list, readNetwork, record, sizeOf, string } from './network.js';
import { RULES } from './rules/index.js';
import { type Fact, Session, sameDomain } from './session.js';
import { demandShapes } from './shapes.js';

const FORMAT = 'exhibit-certificate-1';
/** About 0.01 microseconds each; more for larger files. */
const OPERATIONS = 300_000_000;
const OPERATIONS_PER_BYTE = 3000;
const MOST_OPERATIONS = 2_000_000_000;
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
    const bytes = certificate.length + networkFile.length;
    allow(Math.min(OPERATIONS + OPERATIONS_PER_BYTE * bytes, MOST_OPERATIONS));
    const fields = record(document, 'the certificate', FIELDS);
    const stated = record(fields.network, 'network', ['file', 'sha256']).sha256;
    demand(stated === sha256, `the certificate is about the network ${brief(stated)}, the file holds ${sha256}`);
    const network = readNetwork(Buffer.from(networkFile).toString('utf8'), sha256);
    demandShapes(network);
    const session = new Session(network);
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
  demand(/^[A-Za-z0-9][\w-]{0,63}$/.test(id), `${brief(id)} is no id of letters, digits, _ and -`);
  const facts = new Map<string, Fact>();
  const steps = list(fields.steps, 'steps');
  demand(steps.length <= MOST_STEPS, `claim ${brief(id)} has ${steps.length} steps`);
  for (const step of steps) checkStep(session, step, facts, id);
  const statement = conclude(session, [...facts.values()], fields.conclusion);
  demand(statement !== null, `claim ${brief(id)}: its steps do not prove its conclusion ${brief(fields.conclusion)}`);
  return { id, statement };
}

/** Premises must have been proved before, so that no proof runs in a circle. */
function checkStep(session: Session, value: unknown, facts: Map<string, Fact>, claim: string): void {
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
    facts.set(id, RULES[rule](session, step.data, premises));
  } catch (error) {
    throw new Rejected(`${place} (${rule}): ${reasonOf(error)}`);
  }
}

/** The closed statement that a conclusion makes, if one of the facts implies it. */
function conclude(session: Session, facts: readonly Fact[], conclusion: unknown): string | null {
  const closed = facts.filter((fact) => fact.kind === 'closed');
  const same = closed.find((fact) => JSON.stringify(fact.conclusion) === JSON.stringify(conclusion));
  if (same) return same.statement;
  const fields = record(conclusion, 'the conclusion', CONCLUSION);
  if (fields.kind !== 'approximation') return null;
  const [domain, node] = [session.domain(fields.domain), session.output(fields.output)];
  const target = session.expressions.parse(fields.target, session.names);
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  const isImplied = facts.some((fact) => {
    if (fact.kind !== 'within' || fact.node !== node || !sameDomain(domain, fact.domain)) return false;
    const bound = fact.entries.get(0);
    return bound?.target === target && lo.le(bound.lo) && bound.hi.le(hi);
  });
  if (!isImplied || sizeOf(session.network.nodes[node].shape) !== 1) return null;
  const difference = `${fields.output} - (${fields.target})`;
  const bounds = lo.neg().equals(hi) ? `|${difference}| <= ${hi}` : `${lo} <= ${difference} <= ${hi}`;
  return `for all ${session.describeDomain(domain)}: ${bounds}`;
}

const CONCLUSION = ['kind', 'output', 'domain', 'target', 'lo', 'hi'];

function reasonOf(error: unknown): string {
  if (error instanceof Rejected) return error.message;
  return `the check could not be finished: ${brief(String((error as Error)?.message ?? error))}`;
}
