import { InputError, quote } from '../errors.js';
import type { GraphReader } from './graph-reader.js';
import { INTEGER_RANGES } from './integers.js';
import { INT64, type Message } from './schema.js';

/** Operators whose integers are of 64 bits whatever they are given. */
const COUNTING: ReadonlySet<string> = new Set(['Shape', 'Size', 'ArgMax', 'ArgMin', 'Constant']);

/** Operators that make no integers of their own: each is one of those that they are given, or 0. */
const MOVING: ReadonlySet<string> = new Set([
  ...['Identity', 'Dropout', 'Cast', 'Constant', 'ConstantOfShape', 'ArgMax', 'ArgMin', 'If', 'Loop', 'Scan'],
  ...['Gather', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Slice', 'Split', 'Transpose', 'Trilu', 'Where'],
  ...['Concat', 'Expand', 'Tile', 'Pad', 'ScatterND'],
]);

/**
 * Integers of a file have a type, beyond which programs wrap around: 2^31 - 1 and 1 of 32 bits make -2^31, and the mean of 1
 * and 2 is 1. Whatever an operator did with exact numbers, its integers must be integers of their type, which is that of its
 * first argument with one; and they must be constants unless they were only moved about.
 *
 * Throws InputError otherwise.
 */
export function checkIntegers(
  { opType = '', input = [] }: Message<'Operator'>,
  names: readonly string[],
  graph: GraphReader,
): void {
  for (const name of names) {
    const values = name === '' ? null : graph.integersOf(name);
    if (!values) continue;
    const given = input.find((source) => graph.integerTypes.has(source));
    const inherited = given === undefined ? undefined : graph.integerTypes.get(given);
    const type = graph.integerTypes.get(name) ?? (COUNTING.has(opType) ? INT64 : inherited);
    if (type !== undefined) graph.integerTypes.set(name, type);
    const refuse = (found: string, allowed: string) =>
      new InputError({ found: `operator ${quote(opType)} of tensor ${quote(name)}: ${found}`, allowed });
    if (values === 'computed' || type === undefined) {
      if (MOVING.has(opType)) continue;
      throw refuse('integers that are computed from inputs', 'known integers, or a Cast to floats before');
    }
    const { lo, hi } = INTEGER_RANGES[type];
    const beyond = values.find(({ num, den }) => den !== 1n || num < lo || hi < num);
    if (beyond) throw refuse(`the integer ${beyond}`, `integers from ${lo} to ${hi}, which its type holds`);
  }
}
