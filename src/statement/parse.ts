import { InputError } from '../errors.js';
import {
  COMPARISONS,
  type Comparison,
  type Group,
  number,
  productOf,
  type Relation,
  type Side,
  type Statement,
  type Term,
} from './ast.js';
import { ARITIES } from './functions.js';
import { BEGINNINGS } from './hints.js';
import { parseDomain } from './parse-domain.js';
import { parseTerm } from './parse-term.js';
import { Scanner } from './scanner.js';

const LONGEST_TEXT = 1 << 20;
const POINT = /^(?:[\p{L}_][\p{L}\p{N}_]*)'*$/u;
const BOUND = 'a comparison: <= >= = < >';

/**
 * Reads a statement: `for all x in [0,1]^2 with x[1] <= x[2]: |y - x[1]*x[2]| <= 1/10 and y >= 0`, or, about sizes and
 * numbers alone, relations without a prefix. Numbers become rationals, exactly as written.
 *
 * Throws InputError with the column, what was found there and what is allowed; also for texts of more than a million
 * characters and for nesting deeper than 100 levels, so that a hostile text costs bounded time.
 */
export function parseStatement(text: string): Statement {
  const scanner = scannerOf(text);
  const prefix = startsPrefix(scanner) ? readPrefix(scanner) : null;
  const { from } = scanner.peek();
  const relations = conjunction(scanner, true);
  if (scanner.peek().kind !== 'end') throw scanner.unexpected("'and', an operator, or the end");
  if (!relations.some(({ factor }) => factor)) return { prefix, relations };
  const asked = bestConstant({ prefix, relations });
  if (asked) return asked;
  const allowed =
    "one relation |u| <= ?*d about two points, such as |y(x) - y(x')| <= ?*max_{i in 1..2}(|x[i] - x'[i]|)";
  throw scanner.fault("'?' times a term in another place", from, allowed);
}

/** Reads a term alone, such as a target `min_{t in 1..32}((x[t,1] - 3/10)^2)`, or one of a lemma. Throws as `parseStatement`. */
export function parseTermText(text: string, isOfLemma = false): Term {
  const scanner = scannerOf(text, isOfLemma);
  const term = parseTerm(scanner, 0);
  if (scanner.peek().kind !== 'end') throw scanner.unexpected('an operator, or the end');
  return term;
}

function scannerOf(text: string, isOfLemma = false): Scanner {
  if (text.length > LONGEST_TEXT) {
    throw new InputError({ found: `a statement of ${text.length} characters`, allowed: `at most ${LONGEST_TEXT}` });
  }
  return new Scanner(text, isOfLemma);
}

/** A relation as it is read; in `u <= ?*d`, d is its factor. */
interface ReadRelation extends Relation {
  readonly factor?: Term;
}

/**
 * `|u| <= ?*d` about two points x and x': the supremum of |u|/d over the pairs that are apart, d > 0. Null for other places
 * of a factor, where a quotient would leave out points that count.
 */
function bestConstant({
  prefix,
  relations,
}: Statement & { readonly relations: readonly ReadRelation[] }): Statement | null {
  const [{ sides, comparisons, factor }, ...others] = relations;
  const isAboutTwoPoints = prefix?.groups.some(({ names }) => names.some((name) => name.endsWith("'")));
  const [left] = sides;
  const isSize = left.kind === 'call' && left.fn === 'abs' && sides.length === 2 && comparisons[0] === '<=';
  if (!prefix || !isAboutTwoPoints || !isSize || others.length > 0 || !factor) return null;
  const apart: Relation = { sides: [factor, number(0)], comparisons: ['>'] };
  const quotient = productOf([
    { inverted: false, term: left },
    { inverted: true, term: factor },
  ]);
  return {
    prefix: { ...prefix, conditions: [...prefix.conditions, apart] },
    relations: [{ sides: [quotient, sides[1]], comparisons }],
  };
}

function startsPrefix(scanner: Scanner): boolean {
  if (scanner.skip('forall')) return true;
  const { kind, text, isQuoted } = scanner.peek();
  const mend = kind === 'name' && !isQuoted && Object.hasOwn(BEGINNINGS, text) ? BEGINNINGS[text] : undefined;
  if (mend && scanner.matches(/\s*\p{L}+\s+[\p{L}|]/uy))
    throw scanner.unexpected("'for all x in ...', or a comparison", mend);
  if (scanner.matches(/\s*[\p{L}\p{N}_]+'?\s+in\s/uy))
    throw scanner.unexpected("'for all x in ...', or a comparison", "write 'for all' in front");
  if (!scanner.skip('for')) return false;
  scanner.expect('all');
  return true;
}

function readPrefix(scanner: Scanner): Statement['prefix'] {
  const groups: Group[] = [];
  const names = new Set<string>();
  do groups.push(readGroup(scanner, names));
  while (scanner.skip(','));
  const conditions = scanner.skip('with') ? conjunction(scanner, false) : [];
  scanner.expect(':', conditions.length > 0 ? "'and' or ':'" : "'^', 'x', ',', 'with' or ':'");
  return { groups, conditions };
}

function readGroup(scanner: Scanner, known: Set<string>): Group {
  const names: string[] = [];
  do {
    const { kind, text, isQuoted, from } = scanner.peek();
    if (kind !== 'name') throw scanner.unexpected('a name of an input, such as for all x in [0,1]^2');
    if (ARITIES.has(text) && !isQuoted)
      throw scanner.fault(`'${text}', which means something else`, from, `another name, or "${text}" in double quotes`);
    if (!POINT.test(text)) throw scanner.fault(`'${text}'`, from, "a plain name such as x or x'");
    if (known.has(text)) throw scanner.fault(`a second '${text}'`, from, 'every variable once');
    known.add(text);
    names.push(text);
    scanner.next();
  } while (scanner.skip(','));
  scanner.expect('in', "',' or 'in'");
  return { names, domain: parseDomain(scanner, 0) };
}

function conjunction(scanner: Scanner, mayAsk: boolean): ReadRelation[] {
  const relations: ReadRelation[] = [];
  do relations.push(readRelation(scanner, mayAsk));
  while (scanner.skip('and'));
  return relations;
}

function readRelation(scanner: Scanner, mayAsk: boolean): ReadRelation {
  const { from } = scanner.peek();
  const sides: Side[] = [readSide(scanner, mayAsk)];
  const comparisons: Comparison[] = [];
  while (scanner.sees(...COMPARISONS)) {
    comparisons.push(scanner.next().text as Comparison);
    sides.push(readSide(scanner, mayAsk));
  }
  if (comparisons.length === 0) throw scanner.unexpected(BOUND);
  checkUnknowns(scanner, from, { sides, comparisons });
  if (sides.at(-1)?.kind !== 'unknown' || !scanner.skip('*')) return { sides, comparisons };
  const start = scanner.peek().from;
  const factor = parseTerm(scanner, 0, 'product');
  if (scanner.sees('+', '-')) throw scanner.fault('a sum behind ?*', start, 'one factor; put a sum into parentheses');
  return { sides, comparisons, factor };
}

function readSide(scanner: Scanner, mayAsk: boolean): Side {
  if (!scanner.sees('?')) return parseTerm(scanner, 0);
  if (!mayAsk) throw scanner.unexpected('an exact bound in a condition');
  scanner.next();
  return { kind: 'unknown' };
}

/** `?` is a bound: it stands at an end of its relation, below or above a term. */
function checkUnknowns(scanner: Scanner, from: number, { sides, comparisons }: Relation): void {
  const isUnknown = sides.map((side) => side.kind === 'unknown');
  if (!isUnknown.includes(true)) return;
  const isBound = isUnknown.every((asked, i) => !asked || ((i === 0 || i === sides.length - 1) && isClosed(i)));
  const known = isUnknown.indexOf(false);
  if (isBound && known >= 0) return;
  throw scanner.fault("'?' in another place", from, 'u <= ?, u >= ?, ? <= u <= ?, lo <= u <= ?, ? <= u <= hi');

  function isClosed(i: number): boolean {
    const comparison = comparisons[i === 0 ? 0 : i - 1];
    return comparison === '<=' || comparison === '>=';
  }
}
