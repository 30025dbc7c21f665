import { InputError, quote } from '../errors.js';
import { sizeNamed } from '../proof/question/size.js';
import {
  canonical,
  evaluateTerm,
  integersOf,
  mentions,
  number,
  parseStatement,
  parseTermText,
  printStatement,
  rebuilt,
  rebuiltStatement,
  type Side,
  type Statement,
  substitute,
  type Term,
} from '../statement/index.js';
import * as E from '../symbolic/index.js';
import { expandFunctions } from './expand.js';
import type { Environment } from './network.js';
import type { Constant } from './value.js';

/** The statement that a claim makes for one instance: parameters, constants and tables in the place of their names. */
export function instantiate(text: string, environment: Environment): Statement {
  const statement = parseStatement(expandFunctions(text, environment));
  const variables = new Set(statement.prefix?.groups.flatMap(({ names }) => names));
  const names = new Map([...environment].filter(([name]) => !variables.has(name)));
  return rebuiltStatement(statement, (term) => replaced(term, names));
}

/**
 * The statement with another bound, on the side where its own stands: an upper bound of what equals a number. Throws InputError
 * where it is not one relation between a number, or `?`, and what it bounds.
 */
export function withBound(statement: Statement, bound: Side): Statement {
  const [relation, ...others] = statement.relations;
  const variables = new Set(statement.prefix?.groups.flatMap(({ names }) => names));
  const isBound = relation.sides.map(
    (side) => side.kind === 'unknown' || canonical(side, { variables }).parts.size === 0,
  );
  if (others.length > 0 || relation.comparisons.length !== 1 || isBound[0] === isBound[1])
    throw new InputError({
      found: `a bound for ${quote(printStatement(statement))}`,
      allowed: 'one for a claim of one relation u <= c, or c <= u',
      mend: 'leave it out',
    });
  const comparisons = relation.comparisons.map((one) => (one === '=' ? (isBound[0] ? '>=' : '<=') : one));
  return {
    ...statement,
    relations: [{ comparisons, sides: relation.sides.map((side, k) => (isBound[k] ? bound : side)) }],
  };
}

function replaced(term: Term, names: Environment): Term {
  if (term.kind === 'reduction' && names.has(term.index)) {
    const over = term.over.map(({ from, to }) => ({ from: replaced(from, names), to: to && replaced(to, names) }));
    return replaced({ ...term, over }, new Map([...names].filter(([name]) => name !== term.index)));
  }
  if (term.kind === 'reduction' && readsTable(term.body, names)) return writtenOut(term, names);
  if (term.kind !== 'entry' || term.at) return rebuilt(term, (part) => replaced(part, names));
  const value = names.get(term.name);
  if (value && sizeNamed(term.name)) throw twofold(term.name);
  if (!value) return rebuilt(term, (part) => replaced(part, names));
  if (value.kind !== 'constant')
    throw new InputError({ found: `${quote(term.name)} as a number`, allowed: 'a call of it, f(x)' });
  return entryOf(
    term.name,
    value,
    term.indices.map((index) => replaced(index, names)),
  );
}

function twofold(name: string): InputError {
  const found = `${quote(name)}, a size of the network that the theorem file also gives a value`;
  return new InputError({ found, allowed: 'names with one meaning', mend: 'rename it in the theorem file' });
}

function readsTable(body: Term, names: Environment): boolean {
  return mentions(body, (name) => {
    const value = names.get(name);
    return value?.kind === 'constant' && value.tensor.shape.length > 0;
  });
}

/** A minimum, maximum or sum over entries of a table, written out: min(S[1], S[2], ...). */
function writtenOut(term: Term & { readonly kind: 'reduction' }, names: Environment): Term {
  const ranges = term.over.map(({ from, to }) => ({ from: replaced(from, names), to: to && replaced(to, names) }));
  const closed = ranges.map(({ from, to }) => ({ from: integerTerm(from), to: to && integerTerm(to) }));
  const parts = [...integersOf(closed)].map((k) =>
    replaced(
      substitute(term.body, (name) => (name === term.index ? number(k) : null)),
      names,
    ),
  );
  if (term.op === 'sum') return { kind: 'sum', terms: parts.map((part) => ({ negative: false, term: part })) };
  return parts.length === 1 ? parts[0] : { kind: 'call', fn: term.op, args: parts };
}

function entryOf(name: string, { tensor }: Constant, indices: readonly Term[]): Term {
  const { shape, data } = tensor;
  if (indices.length !== shape.length) {
    const found = `${quote(name)} with ${indices.length} indices`;
    throw new InputError({ found, allowed: `${shape.length}, as its shape is [${shape.join(', ')}]` });
  }
  let flat = 0;
  for (const [axis, index] of indices.entries()) {
    const place = Number(integerValue(index));
    if (!(place >= 1 && place <= shape[axis]))
      throw new InputError({ found: `${quote(name)} at ${place}`, allowed: `1 to ${shape[axis]}` });
    flat = flat * shape[axis] + place - 1;
  }
  const entry = data[flat];
  return entry.kind === 'constant' ? number(entry.value) : parseTermText(E.toText(entry));
}

function integerTerm(term: Term): Term {
  return number(integerValue(term));
}

/** A closed term that is an integer. */
function integerValue(term: Term): bigint {
  const { lo, hi } = evaluateTerm(term, (entry) => {
    throw new InputError({ found: `${quote(entry.name)} in an index of a table`, allowed: 'numbers and indices' });
  });
  if (lo.equals(hi) && lo.isInteger()) return lo.num;
  throw new InputError({ found: 'an index of a table that is no integer' });
}
