import type { Attained } from '../../../enclose/finite/attained.js';
import { boundMargin, type MarginFound } from '../../../enclose/finite/margin.js';
import type { MarginProblem } from '../../../enclose/finite/problem.js';
import { InputError } from '../../../errors.js';
import type { Network } from '../../../network/network.js';
import { Rational } from '../../../numbers/rational.js';
import { number, parseStatement, printStatement, type Statement } from '../../../statement/index.js';
import { certified, mint, type Outcome, open } from '../../fact.js';
import { attained, sentence } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { marginConclusion, marginHints } from './evidence.js';
import { marginProblem, marginStatement } from './statement.js';

/**
 * All sequences of a finite domain at once. What one layer of softmax attention hands on are quotients of sums over tokens
 * of functions of one token each; dynamic programming runs through the tokens with these sums and with what the target has
 * to remember, and covers what they take together by boxes. What follows is enclosed box by box.
 */
export const sequenceMargin: Rule = {
  id: 'sequence-margin',
  tex: '\\sum_{p}\\varphi_p(s_p) \\in B_c\\ \\text{for } s \\in c,\\; \\min_{c} \\inf_{B_c} (\\ell_{f(s)} - \\max_{k \\ne f(s)} \\ell_k) \\ge m',
};

export interface SequenceLimits {
  readonly deadline?: number;
  progress?(message: string): void;
}

/**
 * Bounds of margin(u, f(s)) over all sequences s of a finite domain, for a statement `for all s in {0..9}^20 with ...:
 * margin(u, f(s)) >= c`, or argmax(u) = f(s): a fact for all of them, and one for a sequence with a small margin. Throws
 * InputError for statements of another kind, and where names do not fit the network.
 */
export function proveMargin(
  network: Network,
  says: Statement | string,
  limits: SequenceLimits = {},
): readonly Outcome<MarginFound>[] {
  const statement = marginStatement(typeof says === 'string' ? parseStatement(says) : says);
  if (statement?.relations.length !== 1)
    throw new InputError({
      found: typeof says === 'string' ? says : printStatement(says),
      allowed: 'for all s in {0..9}^20: argmax(y) = f(s), or margin(y, f(s)) >= c',
    });
  const { problem, bound, strict } = marginProblem(network, statement);
  const found = boundMargin(problem, { ...limits, bound });
  const id = 'margin';
  const shown = (least: Rational) => sentence(printStatement(atLeast(statement, least)));
  const outcomes: Outcome<MarginFound>[] = [];
  const hi = found.attained?.hi ?? null;
  // Where no sequence satisfies the conditions every bound holds.
  const least = found.lo ?? (found.isEmpty ? (bound?.add(Rational.one) ?? null) : null);
  if (least) {
    // What is proved by layers has no plan of scans that a checker could repeat.
    const isCovered = found.plan.length > 0 || found.isEmpty;
    const concluded = bound && least.le(bound) ? null : { least: bound ?? least, strict: strict && bound !== null };
    const conclusion = isCovered && concluded && marginConclusion(statement, problem, concluded);
    outcomes.push(
      mint({
        rule: sequenceMargin,
        id,
        network,
        domain: null,
        says: shown(least),
        enclosure: { lo: least, hi },
        found,
        ...(conclusion &&
          certified(
            () => conclusion,
            () => marginHints(problem, found),
          )),
      }),
    );
  } else {
    outcomes.push(
      open(
        sequenceMargin,
        id,
        printStatement(statement),
        found.reason ?? (found.isEmpty ? 'no sequence satisfies the conditions' : 'no bound was found'),
        { lo: null, hi },
      ),
    );
  }
  if (found.attained)
    outcomes.push(attainedFact(network, statement, { problem, bound, strict }, found.attained, found));
  return outcomes;
}

/** The margin at one sequence. */
function attainedFact(
  network: Network,
  statement: Statement,
  { problem, bound, strict }: ReturnType<typeof marginProblem>,
  at: Attained,
  found: MarginFound,
) {
  const { reading } = problem;
  const { name } = reading.domain;
  const tokens = tokensOf(reading, at.places);
  const isRefuting = bound !== null && (strict ? at.hi.le(bound) : at.hi.lt(bound));
  const conclusion = isRefuting ? marginConclusion(statement, problem, { least: bound, strict }, tokens) : null;
  return mint({
    rule: sequenceMargin,
    id: 'sequence',
    network,
    domain: null,
    says: attained(
      sentence(printStatement(atLeast(statement, at.lo))),
      { lo: at.lo, hi: at.hi },
      `${name} = (${tokens.join(', ')})`,
    ),
    at: { [name]: tokens },
    enclosure: { lo: at.lo, hi: at.hi },
    found,
    ...(conclusion && certified(() => conclusion)),
  });
}

/** The tokens of a sequence as texts. */
export function tokensOf({ domain }: MarginProblem['reading'], places: readonly number[]): string[] {
  return places.map((place, token) => domain.alphabets[token][place].toString());
}

function atLeast({ prefix, relations: [{ sides }] }: Statement, least: Rational): Statement {
  return { prefix, relations: [{ sides: [sides[0], number(least)], comparisons: ['>='] }] };
}
