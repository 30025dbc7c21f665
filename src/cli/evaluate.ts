import { isPast, Unfinished, within } from '../deadline.js';
import { InputError, quote } from '../errors.js';
import type { Values } from '../evaluate/evaluate.js';
import { type Bounds, boundedOutputs, exactOutputs } from '../evaluate/point.js';
import { sha256 } from '../network/canonical.js';
import type { Network } from '../network/network.js';
import { showShape, sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import { toDecimal } from '../numbers/decimal.js';
import { Rational } from '../numbers/rational.js';
import { readNetwork } from '../onnx/network-file.js';
import { type GivenArray, nested, readArrays } from './arrays.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common } from './flags.js';
import { emit, say } from './output.js';

type Point = Values<Rational>;

/** Every output of one point: its shape and its entries as they are printed. */
type Printed = Readonly<Record<string, { readonly dims: readonly number[]; readonly entries: readonly unknown[] }>>;

/**
 * `exhibit evaluate`: what the network itself computes at exact inputs, without any rounding of its own: rational numbers
 * (--exact), proved bounds (--enclose), or numbers rounded once to the digits asked for. Without outputs, exit 2, where the
 * time limit does not suffice.
 */
export async function evaluate(model: string, flags: CommonFlags): Promise<number> {
  const { digits, timeLimit = Number.POSITIVE_INFINITY } = common(flags);
  const deadline = Date.now() + timeLimit * 1000;
  const network = await readNetwork(model);
  const start = performance.now();
  const names = network.inputs.map(({ attributes }) => attributes.name);
  const { points, count } = pointsOf(network, readArrays(flags.input!, names));
  const mode = flags.exact ? 'exact' : flags.enclose ? 'enclosed' : 'rounded';
  const results = within(deadline, () => allOf(points, (point) => PRINTERS[mode](network, point, digits)));
  const outputs =
    results &&
    Object.fromEntries(
      network.outputs.map(({ name, node }) => {
        const dims = [...(count === null ? [] : [count]), ...sizes(node.shape)];
        return [
          name,
          nested(
            dims,
            results.flatMap((result) => result[name].entries),
          ),
        ];
      }),
    );
  if (!outputs) say(flags, 'note: the time limit ended the evaluation; there are no outputs in part');
  const seconds = Number(((performance.now() - start) / 1000).toPrecision(3));
  const document = { outputs, mode, ...(mode === 'exact' ? {} : { digits }), sha256: sha256(network), seconds };
  emit(
    flags,
    () => document,
    () => `${JSON.stringify(document)}\n`,
    true,
  );
  return outputs ? EXIT.proved : EXIT.undecided;
}

/** What is printed of all points; null where the time does not suffice for them. */
function allOf(points: readonly Point[], print: (point: Point) => Printed): Printed[] | null {
  const results: Printed[] = [];
  try {
    for (const point of points) {
      if (isPast()) return null;
      results.push(print(point));
    }
  } catch (error) {
    if (error instanceof Unfinished) return null;
    throw error;
  }
  return results;
}

const PRINTERS: Readonly<Record<'exact' | 'enclosed' | 'rounded', (n: Network, p: Point, digits: number) => Printed>> =
  {
    exact: (network, point) => {
      const values = exactOutputs(network, point);
      if (!values) {
        throw new InputError({
          field: '--exact',
          found: 'a network whose outputs are irrational or undefined at this input',
          allowed: 'networks of rational operations',
          mend: 'ask for bounds with --enclose, or for --digits',
        });
      }
      return printed(values, Rational.zero, (value) => value.toString());
    },
    enclosed: (network, point, digits) => {
      const width = Rational.of(1, 10n ** BigInt(digits));
      const isNarrow = ({ lo, hi }: Bounds) => hi.sub(lo).le(lo.abs().max(hi.abs()).mul(width));
      return printed(boundedOutputs(network, point, isNarrow), ZERO, ({ lo, hi }) => [
        toDecimal(lo, digits, 'down'),
        toDecimal(hi, digits, 'up'),
      ]);
    },
    rounded: (network, point, digits) => {
      const near = (value: Rational) => toDecimal(value, digits, 'nearest');
      const isDecided = ({ lo, hi }: Bounds) => near(lo) === near(hi);
      return printed(boundedOutputs(network, point, isDecided), ZERO, (bounds) => {
        if (isDecided(bounds)) return near(bounds.lo);
        throw new InputError({
          field: '--digits',
          found: `a value between ${toDecimal(bounds.lo, 5, 'down')} and ${toDecimal(bounds.hi, 5, 'up')}, too close to 0 or to the middle of two numbers of ${digits} digits`,
          allowed: 'values whose digits are known',
          mend: 'ask for bounds with --enclose',
        });
      });
    },
  };

const ZERO: Bounds = { lo: Rational.zero, hi: Rational.zero };

function printed<S>(values: Values<S>, zero: S, print: (value: S) => unknown): Printed {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { dims: value.shape, entries: value.dense(zero).map(print) }]),
  );
}

/**
 * The points at which to evaluate: one, in the shapes of the network's inputs or as flat lists of their entries; or several,
 * along a batch axis in front of every input (`count` of them). Throws InputError for other shapes and names.
 */
function pointsOf(
  network: Network,
  given: Readonly<Record<string, GivenArray>>,
): { readonly points: readonly Point[]; readonly count: number | null } {
  const names = network.inputs.map(({ attributes }) => attributes.name);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  const all = names.map(quote).join(', ') || 'no inputs';
  if (unknown !== undefined) throw new InputError({ found: `a value for ${quote(unknown)}`, allowed: all });
  const counts = network.inputs.map(({ attributes: { name }, shape }) => {
    const array = Object.hasOwn(given, name) ? given[name] : undefined;
    if (!array) throw new InputError({ found: `no value for input ${quote(name)}`, allowed: showShape(shape) });
    const { dims } = array;
    const own = sizes(shape);
    const isOne = dims.join() === own.join() || (dims.length === 1 && dims[0] === sizeOf(own));
    if (isOne) return null;
    if (dims.length === own.length + 1 && dims[0] > 0 && dims.slice(1).join() === own.join()) return dims[0];
    throw new InputError({
      found: `input ${quote(name)} of shape [${dims.join(', ')}]`,
      allowed: `${showShape(shape)}, a flat list of its ${sizeOf(own)} entries, or several points along an axis in front`,
    });
  });
  const [count = null] = counts;
  if (counts.some((other) => other !== count)) {
    throw new InputError({ found: 'inputs of different numbers of points', allowed: 'the same number for all' });
  }
  const points = Array.from({ length: count ?? 1 }, (_, k) =>
    Object.fromEntries(
      network.inputs.map(({ attributes: { name }, shape }) => {
        const own = sizes(shape);
        const size = sizeOf(own);
        return [name, new Tensor(own, given[name].exactly(k * size, (k + 1) * size))];
      }),
    ),
  );
  return { points, count };
}
