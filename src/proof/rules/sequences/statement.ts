import { type Coding, codingOf } from '../../../enclose/finite/inputs.js';
import type { MarginProblem } from '../../../enclose/finite/problem.js';
import { InputError, quote } from '../../../errors.js';
import type { Network } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { sizeOf } from '../../../network/tensor.js';
import type { Rational } from '../../../numbers/rational.js';
import {
  MIRRORED,
  mentions,
  number,
  printTerm,
  type Relation,
  rational,
  type Side,
  type Statement,
  type Term,
} from '../../../statement/index.js';
import { integer } from '../../../statement/ranges.js';
import { automatonOf } from '../../../statement/sequences/automaton.js';
import { SequenceReading, sequenceDomain } from '../../../statement/sequences/reading.js';
import { partOf } from '../../question/entries.js';
import { outputNamed } from '../../question/model.js';
import { indices } from '../tensors.js';

/**
 * A statement about all sequences of a finite domain in the form in which it is proved, margin(u, k) on the left:
 * argmax(u) = k says that margin(u, k) > 0. Null for all other statements.
 */
export function marginStatement({ prefix, relations }: Statement): Statement | null {
  if (!prefix || sequenceDomain(prefix) === null) return null;
  const found = relations.map(marginRelation);
  return found.every((relation) => relation !== null) ? { prefix, relations: found } : null;
}

function marginRelation({ sides, comparisons }: Relation): Relation | null {
  if (comparisons.length !== 1) return null;
  const [left, right] = sides;
  if (right.kind === 'argmax' || isMargin(right))
    return marginRelation({ sides: [right, left], comparisons: [MIRRORED[comparisons[0]]] });
  if (left.kind === 'argmax' && left.args.length === 1 && comparisons[0] === '=' && right.kind !== 'unknown')
    return { sides: [{ kind: 'call', fn: 'margin', args: [left.args[0], right] }, number(0)], comparisons: ['>'] };
  return isMargin(left) && (comparisons[0] === '>=' || comparisons[0] === '>') ? { sides, comparisons } : null;
}

function isMargin(side: Side): boolean {
  return side.kind === 'call' && side.fn === 'margin';
}

/** What is asked of a network by a statement in that form; its bound, null for `?`. Throws InputError where names do not fit. */
export function marginProblem(
  network: Network,
  { prefix, relations }: Statement,
): { readonly problem: MarginProblem; readonly bound: Rational | null; readonly strict: boolean } {
  const domain = sequenceDomain(prefix)!;
  const [{ sides, comparisons }] = relations;
  const [{ args }, side] = sides as [Extract<Term, { kind: 'call' }>, Side];
  const [u, place] = args;
  const bound = side.kind === 'unknown' ? null : rational(side);
  if (mentions(place, (name) => name !== domain.name))
    throw new InputError({
      found: `${quote(printTerm(place))} as the place of an entry`,
      allowed: `a function of ${domain.name}`,
    });
  const coding: Coding = codingOf(network, domain);
  const { output, entries } = entriesOf(network, u);
  return {
    problem: {
      ...{ network, output, entries, coding, reading: new SequenceReading(domain, place) },
      automaton: automatonOf(place, domain),
    },
    bound,
    strict: comparisons[0] === '>',
  };
}

/** `logits[21]`, `y`: the entries below these indices, which count from 1 and may leave out axes of length 1. */
function entriesOf(network: Network, u: Term): { readonly output: string; readonly entries: readonly number[] } {
  const named = u.kind === 'entry' && !u.at ? u : null;
  const found = named && outputNamed(network, named.name);
  if (!named || !found)
    throw new InputError({
      found: quote(printTerm(u)),
      allowed: `a row of an output: ${network.outputs.map(({ name }) => name).join(', ')}`,
    });
  const shape = sizes(found.node.shape);
  const places = named.indices.map((index) => Number(integer(number(rational(index)))));
  const entries = partOf(named, shape, indices(sizeOf(shape)), places);
  if (entries.length < 2)
    throw new InputError({
      found: `the lead of one number, ${quote(printTerm(u))}`,
      allowed: `a vector of two or more: ${found.name} has the shape [${shape.join(', ')}]${shape.includes(1) ? ', of which axes of length 1 may be left out' : ''}`,
    });
  return { output: found.name, entries };
}
