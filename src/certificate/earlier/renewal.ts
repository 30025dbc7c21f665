import { type Certificate, RETIRED } from '../../checker/check.js';
import { sha256 } from '../../checker/digest.js';
import { Rejected } from '../../checker/failure.js';
import { list, readNetwork, record, string } from '../../checker/network.js';
import { Session } from '../../checker/session.js';
import { demandShapes } from '../../checker/shapes.js';
import { withShared } from '../../checker/shared.js';
import { certificateText, type WrittenClaim, type WrittenStep } from '../document.js';
import { TRANSLATIONS, translatedConclusion } from './retired-steps.js';
import { Translation, Untranslated } from './translation.js';

/** A claim that has steps of an earlier release, the rules of these, and why they could not be translated, if so. */
export interface Renewed {
  readonly id: string;
  readonly rules: readonly string[];
  readonly failure: string | null;
}

/** A certificate with steps of today in place of those of an earlier release. */
export interface Renewal {
  readonly claims: readonly Renewed[];
  readonly text: string;
}

/**
 * The certificate with steps of today in place of those whose rules are retired, and with the same conclusions; null where there
 * are no such steps, or no claims that the checker would read. The checker believes nothing of this: it checks what comes out as if
 * somebody had written it by hand. A claim whose steps cannot be translated is left as it is. Work is counted against the checker's
 * budget, from the reading of the certificate on. `file` is the name that the network has beside what is written.
 */
export function renewal(certificate: Certificate, network: Uint8Array, file: string): Renewal | null {
  if (!mayHaveRetired(certificate)) return null;
  try {
    return renewed(certificate, network, file);
  } catch {
    return null;
  }
}

/** A look that costs nothing: at steps in claims, and in what these share. */
function mayHaveRetired({ claims, shared }: Certificate): boolean {
  const items = (value: unknown): readonly { steps?: unknown }[] => (Array.isArray(value) ? value : []);
  const places = [...items(claims), ...items(shared)];
  return retiredIn([...places, ...places.flatMap((place) => items(place?.steps))] as WrittenStep[]).length > 0;
}

/** What is written anew, or is part of claims. */
const OWN: ReadonlySet<string> = new Set(['format', 'tool', 'network', 'claims', 'unchecked', 'shared']);

function renewed(certificate: Certificate, networkFile: Uint8Array, file: string): Renewal | null {
  const given = withShared(certificate.claims, list(certificate.shared ?? [], 'shared'));
  const network = readNetwork(Buffer.from(networkFile).toString('utf8'), sha256(networkFile));
  demandShapes(network);
  const session = new Session(network);
  const found: Renewed[] = [];
  const claims = list(given, 'claims').map((value) => {
    const claim = readClaim(value);
    const rules = retiredIn(claim.steps);
    if (rules.length === 0) return claim;
    const { translated, failure } = attempt(() => translate(session, claim));
    found.push({ id: claim.id, rules, failure });
    return translated ?? claim;
  });
  if (found.length === 0) return null;
  const origin = Object.fromEntries(Object.entries(certificate).filter(([field]) => !OWN.has(field)));
  const about = { ...(certificate.network as object), file };
  return { claims: found, text: [...certificateText(origin, about, claims, certificate.unchecked ?? [])].join('') };
}

function readClaim(value: unknown): WrittenClaim {
  const { id, statement, conclusion, steps } = record(value, 'a claim', ['id', 'statement', 'conclusion', 'steps']);
  return { id: string(id, 'the id of a claim'), statement, conclusion, steps: list(steps, 'steps') as WrittenStep[] };
}

function retiredIn(steps: readonly WrittenStep[]): string[] {
  return [...new Set(steps.map((step) => step?.rule))].filter((rule) => RETIRED.includes(rule));
}

function attempt(claim: () => WrittenClaim): { translated: WrittenClaim | null; failure: string | null } {
  try {
    return { translated: claim(), failure: null };
  } catch (error) {
    const isSaid = error instanceof Untranslated || error instanceof Rejected;
    return { translated: null, failure: isSaid ? error.message : 'they do not hold what such steps held' };
  }
}

function translate(session: Session, { steps, ...claim }: WrittenClaim): WrittenClaim {
  const translation = new Translation(session, steps, claim.conclusion, TRANSLATIONS);
  const used = new Set(steps.flatMap(({ premises = [] }) => premises));
  for (const { id } of steps) if (!used.has(id)) translation.renew(id);
  return { ...claim, conclusion: translatedConclusion(session, claim.conclusion), steps: translation.steps };
}
