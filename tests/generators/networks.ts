import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Builder } from '../../src/network/builder.js';
import type { Network, Node } from '../../src/network/network.js';
import type { FunctionName, OpName } from '../../src/network/operations.js';
import { ShapeError, sizes } from '../../src/network/shape.js';
import { type ExactTensor, scaledIdentity, sizeOf, sparse, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import type { Construction } from '../../src/proof/theorem.js';
import { readTheorem } from '../../src/theorem-file/read.js';

/** k / 2^j with |k| < 32 and j <= 4: every format down to float16 holds these, and bfloat16 too. */
export const smallDyadics: fc.Arbitrary<Rational> = fc
  .tuple(fc.integer({ min: -31, max: 31 }), fc.integer({ min: 0, max: 4 }))
  .map(([k, j]) => Rational.of(k, 2 ** j));

type Random = fc.GeneratorValue;

/** Adds one node to the pool, or throws ShapeError when the arguments it chose do not fit. */
type Step = (b: Builder, pool: readonly Node[], pick: Picker) => Node;

/** What a step draws its choices from. */
class Picker {
  constructor(
    private readonly random: Random,
    private readonly weights: () => fc.Arbitrary<Rational>,
  ) {}

  among<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)];
  }

  integer(min: number, max: number): number {
    return this.random(fc.integer, { min, max });
  }

  axis(node: Node): number {
    return this.integer(0, Math.max(0, node.shape.length - 1));
  }

  permutation(length: number): number[] {
    const rest = Array.from({ length }, (_, k) => k);
    return Array.from({ length }, () => rest.splice(this.integer(0, rest.length - 1), 1)[0]);
  }

  dense(shape: readonly number[]): ExactTensor {
    return tensor(
      shape,
      Array.from({ length: sizeOf(shape) }, () => this.random(this.weights)),
    );
  }

  /** A diagonal, scattered entries, or none at all. */
  sparse(shape: readonly number[]): ExactTensor {
    const [rows, columns] = shape;
    const kind = this.integer(0, 2);
    if (kind === 0 && shape.length === 2 && rows === columns) {
      return scaledIdentity(rows, this.random(this.weights));
    }
    const indices = Array.from({ length: sizeOf(shape) }, (_, k) => k).filter(
      () => kind === 1 && this.integer(0, 3) === 0,
    );
    return sparse(
      shape,
      indices.map((index) => [index, this.random(this.weights)] as const),
    );
  }

  constant(b: Builder, shape: readonly number[]): Node {
    const value = shape.length > 0 && this.integer(0, 2) === 0 ? this.sparse(shape) : this.dense(shape);
    return b.constant(value, undefined, this.among(['weight', 'structure']));
  }

  /** An earlier node, or a constant that broadcasts with `partner` from the right. */
  partner(b: Builder, pool: readonly Node[], partner: Node): Node {
    if (this.integer(0, 1) === 0) return this.among(pool);
    const dims = sizes(partner.shape).slice(this.integer(0, partner.shape.length));
    return this.constant(
      b,
      dims.map((size) => (this.integer(0, 3) === 0 ? 1 : size)),
    );
  }
}

const elementwise =
  (op: 'add' | 'sub' | 'mul' | 'min' | 'max'): Step =>
  (b, pool, pick) => {
    const x = pick.among(pool);
    const y = pick.partner(b, pool, x);
    return pick.integer(0, 1) === 0 ? b[op](x, y) : b[op](y, x);
  };

const reduction =
  (op: 'reduceSum' | 'reduceMax' | 'reduceMin'): Step =>
  (b, pool, pick) => {
    const x = pick.among(pool);
    return b[op](x, pick.axis(x));
  };

const applied =
  (fn: FunctionName): Step =>
  (b, pool, pick) =>
    b.apply(fn, pick.among(pool));

/** One step for each operation, so that the compiler asks for another when an operation is added. */
const STEPS: { readonly [K in Exclude<OpName, 'input'>]: Step } = {
  constant: (b, _, pick) =>
    pick.constant(
      b,
      Array.from({ length: pick.integer(0, 3) }, () => pick.integer(1, 3)),
    ),
  add: elementwise('add'),
  sub: elementwise('sub'),
  mul: elementwise('mul'),
  min: elementwise('min'),
  max: elementwise('max'),
  relu: (b, pool, pick) => b.relu(pick.among(pool)),
  matmul: (b, pool, pick) => {
    const x = pick.among(pool);
    if (pick.integer(0, 2) === 0) return b.matmul(x, pick.among(pool));
    const inner = x.shape.at(-1)?.size ?? 1;
    const outer = pick.integer(0, 1) === 0 ? inner : pick.integer(1, 3);
    return b.matmul(x, pick.constant(b, [inner, outer]));
  },
  div: (b, pool, pick) => {
    const x = pick.among(pool);
    return b.div(x, b.add(b.relu(pick.partner(b, pool, x)), b.scalar(Rational.one)));
  },
  exp: (b, pool, pick) => b.apply('exp', b.softmax(pick.among(pool), 0)),
  log: (b, pool, pick) => b.apply('log', b.add(b.relu(pick.among(pool)), b.scalar(Rational.one))),
  sqrt: (b, pool, pick) => b.apply('sqrt', b.relu(pick.among(pool))),
  tanh: applied('tanh'),
  sigmoid: applied('sigmoid'),
  erf: applied('erf'),
  sin: applied('sin'),
  cos: applied('cos'),
  power: (b, pool, pick) => b.power(b.apply('tanh', pick.among(pool)), pick.integer(2, 4)),
  normalise: (b, pool, pick) => {
    const x = pick.among(pool);
    return b.normalise(x, pick.axis(x), Rational.of(1, 2 ** pick.integer(0, 4)));
  },
  argmax: (b, pool, pick) => {
    const x = pick.among(pool);
    return b.argmax(x, pick.axis(x));
  },
  softmax: (b, pool, pick) => {
    const x = pick.among(pool);
    return b.softmax(x, pick.axis(x));
  },
  reduceSum: reduction('reduceSum'),
  reduceMax: reduction('reduceMax'),
  reduceMin: reduction('reduceMin'),
  transpose: (b, pool, pick) => {
    const x = pick.among(pool);
    return b.transpose(x, pick.permutation(x.shape.length));
  },
  reshape: (b, pool, pick) => {
    const x = pick.among(pool);
    const size = sizeOf(sizes(x.shape));
    const divisor = pick.among(Array.from({ length: size }, (_, k) => k + 1).filter((k) => size % k === 0));
    return b.reshape(x, pick.integer(0, 1) === 0 ? { all: size } : { outer: divisor, inner: size / divisor });
  },
  concat: (b, pool, pick) => {
    const x = pick.among(pool);
    return b.concat([x, pick.among(pool), x].slice(0, pick.integer(1, 3)), pick.axis(x));
  },
  gather: (b, pool, pick) => {
    const x = pick.among(pool);
    const axis = pick.axis(x);
    const last = (x.shape[axis]?.size ?? 1) - 1;
    const indices = Array.from({ length: pick.integer(1, 3) }, () => pick.integer(0, last));
    return b.gather(x, axis, indices);
  },
  recurrence: (b, pool, pick) => {
    const u = pick.among(pool);
    const order = pick.integer(1, 3);
    return b.recurrence(u, pick.constant(b, [order, order]), pick.constant(b, [order, u.shape.at(-1)?.size ?? 1]));
  },
};

/** The operations that `randomNetworks` draws from unless it is told otherwise. */
export const ALL_STEPS = Object.keys(STEPS) as StepName[];

export type StepName = keyof typeof STEPS;

/** Those whose values are rational, and those of them and softmax: what every arithmetic can do. */
export const RATIONAL_STEPS = [
  ...(['constant', 'add', 'sub', 'mul', 'min', 'max', 'relu', 'matmul', 'reduceSum', 'reduceMax'] as const),
  ...(['reduceMin', 'transpose', 'reshape', 'concat', 'gather', 'recurrence'] as const),
];
export const BASIC_STEPS = [...RATIONAL_STEPS, 'softmax'] as const;

/** Those that are continuous: rounding moves their values by little. */
export const CONTINUOUS_STEPS = ALL_STEPS.filter((step) => step !== 'argmax');

/**
 * Small networks of random shape: one or two inputs, then up to `steps` nodes of the given operations on random earlier
 * nodes, constants dense and sparse. Every operation occurs, with the batch axis and without.
 */
export function randomNetworks(
  options: {
    readonly operations?: readonly StepName[];
    readonly weights?: fc.Arbitrary<Rational>;
    readonly steps?: number;
  } = {},
): fc.Arbitrary<Network> {
  const { operations = ALL_STEPS, weights = smallDyadics, steps = 8 } = options;
  return fc.gen().map((random) => {
    const pick = new Picker(random, () => weights);
    const b = new Builder();
    const pool: Node[] = [b.input('x', { token: pick.integer(1, 3), coordinate: pick.integer(1, 3) })];
    if (pick.integer(0, 3) === 0) pool.push(b.input('y', { coordinate: pick.integer(1, 3) }));
    for (let left = pick.integer(1, steps); left > 0; left--) {
      const step = STEPS[pick.among(operations)];
      try {
        pool.push(step(b, pool, pick));
      } catch (error) {
        if (!(error instanceof ShapeError)) throw error;
      }
    }
    const last = pool[pool.length - 1];
    const outputs = { out: last, [last.name]: last, other: pick.among(pool), [pool[0].name]: pool[0] };
    return b.network(Object.fromEntries(Object.entries(outputs).slice(0, pick.integer(1, 4))));
  });
}

/** The network of a theorem file of proofs-check/classical. */
export function classicalNet(id: string, params: object): Network {
  const file = `proofs-check/classical/${id}.yaml`;
  const built = readTheorem(readFileSync(file, 'utf8'), file).construct(params as never, { directory: '', seed: 1 });
  return (built as Construction<unknown>).network;
}
