import { InputError } from '../errors.js';
import type { Network } from '../network/network.js';
import { parseRational } from '../numbers/parse.js';
import { impliesAll } from '../proof/judge.js';
import type { Proposition } from '../proof/proposition.js';
import type { InputDomain } from '../proof/propositions/approximation.js';
import { setText } from '../proof/rules/inputs.js';
import { type Sentence, sentence } from '../proof/sentence.js';
import { evaluateTerm, parseStatement, parseTermText, printRelation, printTerm } from '../statement/index.js';

/** Longer texts are not read again. */
const LONGEST = 20_000;

/**
 * Whether what a checker verified settles a claim: a proved claim follows from it, and a refuted one contradicts it. True as
 * well where one of the two is no sentence about inputs, so that the two texts cannot be compared.
 */
export function settlesClaim(network: Network, conclusion: Proposition, claim: string, verdict: string): boolean {
  if (!(verdict === 'refuted' ? isAgainst(conclusion, claim) : isOfClaim(conclusion, claim))) return false;
  const claimed = read(claim);
  if (!claimed?.bounds.every(({ closed }) => !closed)) return true;
  const shown = textsOf(network, conclusion, claim)?.map(read);
  if (!shown || shown.some((one) => one === null)) return true;
  const bounds = shown.flatMap((one) => one!.bounds);
  return verdict === 'refuted' ? impliesAll(claimed.bounds, bounds) : impliesAll(bounds, claimed.bounds);
}

/** Whether relations between numbers are among those of the claim, where that is a text without inputs. */
function isOfClaim(conclusion: Proposition, claim: string): boolean {
  const parts = conclusion.kind === 'all' ? conclusion.of : [conclusion];
  const stated = parts
    .flatMap((part) => (part.kind === 'arithmetic' ? part.relations : []))
    .map((one) => one.join(' '));
  const printed = new Set(relationsOf(claim));
  return printed.size === 0 || stated.every((text) => relationsOf(text).every((one) => printed.has(one)));
}

/** Whether the value of a number, where a conclusion states one, is outside what the claim says of the same number. */
function isAgainst(conclusion: Proposition, claim: string): boolean {
  if (conclusion.kind !== 'arithmetic') return true;
  const [[quantity, , value], ...others] = conclusion.relations;
  const [claimed, ...more] = claim.length > LONGEST ? [] : parseStatement(claim).relations;
  const [left, right] = claimed?.sides ?? [];
  if (others.length + more.length > 0 || !left || left.kind === 'unknown' || right.kind === 'unknown') return false;
  const bound = evaluateTerm(right, () => []);
  const isOutside: Partial<Record<string, boolean>> = {
    '>': parseRational(value).le(bound.lo),
    '>=': parseRational(value).lt(bound.lo),
  };
  return printTerm(left) === printTerm(parseTermText(quantity)) && isOutside[claimed.comparisons[0]] === true;
}

function relationsOf(text: string): string[] {
  if (text.length > LONGEST || read(text) === null) return [];
  const { prefix, relations } = parseStatement(text);
  return prefix === null ? relations.map(printRelation) : [];
}

/** The sentences that a conclusion states or, of an instance that fails, denies; null where it has none. */
function textsOf(network: Network, conclusion: Proposition, claim: string): readonly string[] | null {
  switch (conclusion.kind) {
    case 'statement':
      return [conclusion.text];
    case 'instance':
      return conclusion.holds ? null : [conclusion.text];
    case 'all': {
      // That a value is attained says nothing of other inputs.
      const general = conclusion.of.filter((part) => part.kind !== 'instance' || !part.holds);
      const parts = general.map((part) => textsOf(network, part, claim));
      return parts.every((part) => part !== null) ? parts.flatMap((part) => part!) : null;
    }
    case 'approximation': {
      const { output, domain, target, lo, hi } = conclusion;
      return [`${prefixOf(network, domain, claim)}: ${lo} <= ${output} - (${target}) <= ${hi}`];
    }
    default:
      return null;
  }
}

/** What holds of all real inputs holds of those that the claim is about. */
function prefixOf(network: Network, domain: InputDomain, claim: string): string {
  const isOfAll = network.inputs.every(({ attributes: { name } }) => (domain[name] ?? null) === null);
  const own = isOfAll ? /^for all [^:]*(?=:)/.exec(claim) : null;
  return own ? own[0] : `for all ${inputsText(network, domain)}`;
}

function inputsText(network: Network, domain: InputDomain): string {
  return network.inputs
    .map((input) => `${input.attributes.name} in ${setText(input, domain[input.attributes.name] ?? null)}`)
    .join(', ');
}

function read(text: string): Sentence | null {
  if (text.length > LONGEST) return null;
  try {
    return sentence(text);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
