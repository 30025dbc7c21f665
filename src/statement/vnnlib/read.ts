import { InputError, placed } from '../../errors.js';
import type { Rational } from '../../numbers/rational.js';
import {
  type Domain,
  type Entry,
  type Factor,
  number,
  type Prefix,
  productOf,
  type Relation,
  type Statement,
  type Summand,
  sumOf,
  type Term,
} from '../ast.js';
import { canonical } from '../canonical.js';
import { fault, numberOf, readSexps, type Sexp, show } from './sexp.js';

/** The tensors of a network as a property speaks of them: the name in statements and how many entries there are. */
export interface Ports {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

export interface Port {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A VNN-LIB query asks for a counterexample: an input in a box for which the outputs satisfy a condition. */
export interface Query {
  /** One for each box: for all inputs in it, the condition fails. All of them hold where no counterexample exists. */
  readonly statements: readonly Statement[];
  /** Names of all entries of inputs and outputs as the file has them, for writing a counterexample. */
  readonly inputs: readonly Named[];
  readonly outputs: readonly Named[];
  readonly version: 1 | 2;
}

export interface Named {
  readonly name: string;
  readonly entry: Entry;
}

/** a <= 0, or a < 0: what a counterexample satisfies. */
interface Literal {
  readonly term: Term;
  readonly strict: boolean;
}

const MOST_CASES = 20_000;
/** Files of the field have thousands. */
const MOST_ASSERTIONS = 100_000;

/**
 * Reads a property in VNN-LIB, version 1 (declare-const X_0 Real) or 2 (declare-network ...), about a network with these
 * inputs and outputs, exactly: decimals are rationals. Throws InputError with the line for what is not understood, for an
 * input without bounds, and for more than 20,000 cases.
 */
export function readVnnlib(text: string, ports: Ports): Query {
  const sexps = readSexps(text);
  const names = namesOf(sexps, ports);
  const asserts = sexps.filter((sexp) => headOf(sexp) === 'assert').map((sexp) => argumentsOf(sexp, 1)[0]);
  if (asserts.length === 0) throw new InputError({ found: 'no assertion', allowed: '(assert (<= Y_0 0.5)), ...' });
  if (asserts.length > MOST_ASSERTIONS)
    throw new InputError({ found: `${asserts.length} assertions`, allowed: `at most ${MOST_ASSERTIONS}` });
  let cases: Literal[][] = [[]];
  for (const assertion of asserts) cases = product(assertion, cases, casesOf(assertion, names.known));
  const boxes = new Map<string, { readonly prefix: Prefix; readonly relations: Relation[] }>();
  for (const literals of cases) {
    const { prefix, key, rest } = boxOf(literals, names.inputs, ports);
    if (prefix === null) continue;
    const known = boxes.get(key) ?? { prefix, relations: [] };
    known.relations.push(failing(rest));
    boxes.set(key, known);
  }
  const statements = [...boxes.values()];
  return { statements, inputs: names.inputs, outputs: names.outputs, version: names.version };
}

/** At least one of the literals fails: the largest is positive. */
function failing(literals: readonly Literal[]): Relation {
  const strict = literals.filter((literal) => literal.strict);
  if (strict.length > 0 && strict.length < literals.length) {
    throw new InputError({ found: 'strict and other inequalities about outputs together', mend: 'write <= for <' });
  }
  const terms = literals.map(({ term }) => term);
  const quantity: Term = terms.length === 1 ? terms[0] : { kind: 'call', fn: 'max', args: terms };
  const sides = terms.length === 0 ? [number(-1), number(0)] : [quantity, number(0)];
  return { sides, comparisons: [strict.length > 0 ? '>=' : '>'] };
}

interface Names {
  readonly known: ReadonlyMap<string, Entry>;
  readonly inputs: readonly Named[];
  readonly outputs: readonly Named[];
  readonly version: 1 | 2;
}

/** X_3 is the entry number 3 of the inputs in row-major order, Y_3 that of the outputs; in version 2 X[0,1] has indices. */
function namesOf(sexps: readonly Sexp[], { inputs, outputs }: Ports): Names {
  const network = sexps.filter((sexp) => headOf(sexp) === 'declare-network');
  if (network.length > 1) throw fault(network[1], 'several networks', 'one');
  const declared = network[0] ? declarations(network[0]) : null;
  const list = (ports: readonly Port[], kind: 'input' | 'output'): Named[] => {
    if (!declared) {
      const entries = ports.flatMap(entriesOf);
      return entries.map((entry, k) => ({ name: `${kind === 'input' ? 'X' : 'Y'}_${k}`, entry }));
    }
    const own = declared.filter((one) => one.kind === kind);
    if (own.length !== ports.length)
      throw fault(network[0], `${own.length} ${kind}s`, `${ports.length}, as the network has`);
    return own.flatMap(({ name, shape, at }, k) => {
      const entries = entriesOf(ports[k]);
      const count = shape.reduce((a, b) => a * b, 1);
      if (count !== entries.length) {
        throw fault(
          at,
          `${name} of shape [${shape.join(', ')}]`,
          `${entries.length} entries: the network has shape [${ports[k].shape.join(', ')}]`,
        );
      }
      return entries.map((entry, i) => ({ name: indexed(name, shape, i), entry }));
    });
  };
  const [ins, outs] = [list(inputs, 'input'), list(outputs, 'output')];
  const known = new Map([...ins, ...outs].map(({ name, entry }) => [name, entry]));
  return { known, inputs: ins, outputs: outs, version: declared ? 2 : 1 };
}

function declarations(network: Sexp) {
  const items = network.kind === 'list' ? network.items.slice(2) : [];
  return items.map((at) => {
    const [head, name, , shape] = at.kind === 'list' ? at.items : [];
    const kind = head?.kind === 'atom' ? /^declare-(input|output)$/.exec(head.text)?.[1] : undefined;
    const isWhole = name?.kind === 'atom' && shape?.kind === 'atom' && /^\[[\d,]*\]$/.test(shape.text);
    if (!kind || !isWhole) throw fault(at, show(at), '(declare-input X Real [1,2]) and (declare-output Y Real [1,1])');
    const lengths = shape.text.slice(1, -1).split(',').filter(Boolean).map(Number);
    return { kind: kind as 'input' | 'output', name: name.text, shape: lengths, at };
  });
}

function indexed(name: string, shape: readonly number[], flat: number): string {
  let rest = flat;
  const indices = [...shape].reverse().map((size) => {
    const index = rest % size;
    rest = Math.floor(rest / size);
    return index;
  });
  return shape.length === 0 ? name : `${name}[${indices.reverse().join(',')}]`;
}

function entriesOf({ name, shape }: Port): Entry[] {
  const count = shape.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, k) => {
    let rest = k;
    const indices = [...shape].reverse().map((size) => {
      const index = (rest % size) + 1;
      rest = Math.floor(rest / size);
      return number(index);
    });
    return { kind: 'entry', name, at: null, indices: indices.reverse() };
  });
}

/** The disjunctive normal form of an assertion. */
function casesOf(sexp: Sexp, names: ReadonlyMap<string, Entry>): Literal[][] {
  const head = headOf(sexp);
  const args = sexp.kind === 'list' ? sexp.items.slice(1) : [];
  if (head === 'and') return args.reduce<Literal[][]>((cases, arg) => product(arg, cases, casesOf(arg, names)), [[]]);
  if (head === 'or') return args.flatMap((arg) => casesOf(arg, names));
  if (args.length !== 2 || head === null || !COMPARISONS.includes(head)) {
    throw fault(sexp, show(sexp), `and, or, or a comparison of two terms: ${COMPARISONS.join(' ')}`);
  }
  const [a, b] = args.map((arg) => termOf(arg, names));
  const below = (strict: boolean): Literal => ({ term: minus(a, b), strict });
  const above = (strict: boolean): Literal => ({ term: minus(b, a), strict });
  if (head === '!=') return [[below(true)], [above(true)]];
  if (head === '=' || head === '==') return [[below(false), above(false)]];
  const strict = !head.includes('=');
  return [[head.startsWith('<') ? below(strict) : above(strict)]];
}

const COMPARISONS = ['<=', '>=', '<', '>', '=', '==', '!='];

/** Both hold. The lists of `left` are the caller's own: most properties are one list of very many, which grows in place. */
function product(at: Sexp, left: Literal[][], right: readonly Literal[][]): Literal[][] {
  if (left.length === 1 && right.length === 1) {
    for (const literal of right[0]) left[0].push(literal);
    return left;
  }
  if (left.length * right.length > MOST_CASES)
    throw fault(at, `${left.length * right.length} cases`, `at most ${MOST_CASES}`);
  return left.flatMap((a) => right.map((b) => [...a, ...b]));
}

function termOf(sexp: Sexp, names: ReadonlyMap<string, Entry>): Term {
  const value = placed({ line: sexp.line }, () => numberOf(sexp));
  if (value) return number(value);
  if (sexp.kind === 'atom') {
    const entry = names.get(sexp.text);
    if (entry) return entry;
    const shown = [...names.keys()];
    const list = shown.length > 8 ? [...shown.slice(0, 7), '...', shown.at(-1)] : shown;
    throw fault(sexp, `unknown name ${show(sexp)}`, `${list.join(', ')}: the network's inputs and outputs`);
  }
  const head = headOf(sexp);
  const args = sexp.items.slice(1).map((arg) => termOf(arg, names));
  if (args.length === 0) throw fault(sexp, show(sexp), 'a term');
  const summands = (negative: boolean): Summand[] =>
    args.map((term, k) => ({ negative: negative && (k > 0 || args.length === 1), term }));
  if (head === '+' || head === '-') return sumOf(summands(head === '-'));
  const factors: Factor[] = args.map((term, k) => ({ inverted: head === '/' && k > 0, term }));
  if (head === '*' || (head === '/' && args.length === 2)) return productOf(factors);
  throw fault(sexp, show(sexp), 'numbers, inputs, outputs and + - * /');
}

/**
 * The box that the literals on one input each leave, null for an empty one, and the other literals. Those on several
 * inputs stay among them: a counterexample satisfies them as well.
 */
function boxOf(literals: readonly Literal[], inputs: readonly Named[], { inputs: ports }: Ports) {
  const isInput = new Set(ports.map(({ name }) => name));
  const variables = { variables: isInput };
  const sides = new Map(
    inputs.map(({ entry }) => [keyOf(entry), { lo: null as Rational | null, hi: null as Rational | null }]),
  );
  const rest: Literal[] = [];
  for (const literal of literals) {
    const { constant, parts } = canonical(literal.term, variables);
    const [only, ...others] = [...parts.values()];
    const side =
      only?.term.kind === 'entry' && others.length === 0 && !literal.strict ? sides.get(keyOf(only.term)) : undefined;
    if (!side) {
      rest.push(literal);
      continue;
    }
    const end = constant.neg().div(only.coefficient);
    if (only.coefficient.sign() > 0) side.hi = side.hi ? side.hi.min(end) : end;
    else side.lo = side.lo ? side.lo.max(end) : end;
  }
  const named = new Map(inputs.map(({ name, entry }) => [keyOf(entry), name]));
  const groups = ports.map((port) => {
    const factors = entriesOf(port).map((entry): Domain => {
      const { lo, hi } = sides.get(keyOf(entry))!;
      const name = named.get(keyOf(entry))!;
      if (!lo || !hi) {
        throw new InputError({
          found: `no ${lo ? 'upper' : 'lower'} bound of the input ${name}`,
          allowed: `(assert (>= ${name} 0.0)) and (assert (<= ${name} 1.0))`,
        });
      }
      return { kind: 'interval', lo: number(lo), hi: number(hi) };
    });
    return { names: [port.name], domain: factors.length === 1 ? factors[0] : ({ kind: 'product', factors } as const) };
  });
  const isEmpty = [...sides.values()].some(({ lo, hi }) => lo && hi?.lt(lo));
  const key = [...sides.values()].map(({ lo, hi }) => `${lo} ${hi}`).join();
  const prefix: Prefix | null = isEmpty ? null : { groups, conditions: [] };
  return { prefix, key, rest };
}

function keyOf({ name, indices }: Entry): string {
  return `${name} ${indices.map((index) => (index.kind === 'number' ? index.value : '')).join()}`;
}

function minus(a: Term, b: Term): Term {
  return sumOf([
    { negative: false, term: a },
    { negative: true, term: b },
  ]);
}

function headOf(sexp: Sexp): string | null {
  const head = sexp.kind === 'list' ? sexp.items[0] : undefined;
  return head?.kind === 'atom' ? head.text : null;
}

function argumentsOf(sexp: Sexp, count: number): readonly Sexp[] {
  const args = sexp.kind === 'list' ? sexp.items.slice(1) : [];
  if (args.length !== count) throw fault(sexp, show(sexp), `${count} argument`);
  return args;
}
