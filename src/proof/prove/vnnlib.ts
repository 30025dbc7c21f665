import { placed } from '../../errors.js';
import { readText } from '../../files/read.js';
import { sizes } from '../../network/shape.js';
import { toDecimal } from '../../numbers/decimal.js';
import { parseRational } from '../../numbers/parse.js';
import type { Rational } from '../../numbers/rational.js';
import { type Entry, toExpression } from '../../statement/index.js';
import { type Port, type Query, readVnnlib } from '../../statement/vnnlib/read.js';
import * as E from '../../symbolic/index.js';
import type { Model } from '../question/model.js';
import { Names } from '../question/names.js';
import type { ProveResult } from './prove.js';

const LARGEST_PROPERTY = 2 ** 26;
/** Enough for every double to be printed exactly. */
const MOST_DIGITS = 1100;

/** Reads a VNN-LIB file about a network. Throws InputError with file and line. */
export function readProperty(file: string, { network }: Model): Query {
  const port = (name: string, shape: readonly number[]): Port => ({ name, shape });
  return placed({ file }, () =>
    readVnnlib(readText(file, LARGEST_PROPERTY), {
      inputs: network.inputs.map(({ attributes, shape }) => port(attributes.name, sizes(shape))),
      outputs: network.outputs.map(({ name, node }) => port(name, sizes(node.shape))),
    }),
  );
}

/** A counterexample satisfies the query; `unsat` where none exists. */
const ANSWERS = { refuted: 'sat', proved: 'unsat', undecided: 'unknown' } as const;

/** The first line that the standard asks of a solver, and a counterexample: inputs exactly, outputs to 17 digits. */
export function vnnlibAnswer({ inputs, outputs, statements }: Query, result: ProveResult): string {
  const answer = ANSWERS[result.verdict];
  const witness = result.claims.find(({ verdict }) => verdict === 'refuted')?.witness;
  if (!witness) return `${answer}\n`;
  const flat = new Map(Object.entries(witness).map(([name, values]) => [name, flatten(values)]));
  const names = new Names(result.models, statements[0].prefix);
  const values = new Map<string, Rational>();
  for (const { name, entries } of names.variables) {
    for (const [k, entry] of entries.entries()) values.set(entry, flat.get(name)![k]);
  }
  const lines = [
    ...inputs.map(({ name, entry }) => `(${name} ${decimal(entryValue(entry, names, values).lo, MOST_DIGITS)})`),
    ...outputs.map(({ name, entry }) => `(${name} ${decimal(entryValue(entry, names, values).lo, 17)})`),
  ];
  return `${answer}\n(${lines.join('\n ')})\n`;
}

function entryValue(entry: Entry, names: Names, values: ReadonlyMap<string, Rational>) {
  const value = toExpression(entry, names);
  return E.valueBounds(value, values);
}

function decimal(value: Rational, digits: number): string {
  return toDecimal(value, digits, 'nearest');
}

function flatten(value: unknown): Rational[] {
  return Array.isArray(value) ? value.flatMap(flatten) : [parseRational(String(value))];
}
