import { approximate } from '../numbers/convert.js';
import { compile, type Expression, type Operation } from '../symbolic/index.js';

/** A function on doubles with its gradient, from one forward and one backward sweep (reverse-mode differentiation). */
export interface Differentiable {
  value(point: Float64Array): number;
  /** The value; the gradient is written to `gradient`. At a kink of min or max the winner's derivative counts. */
  valueAndGradient(point: Float64Array, gradient: Float64Array): number;
}

/** Rounded to nearest: for searches, never for a bound. Throws RangeError for a variable that is not listed. */
export function differentiable(expression: Expression, variables: readonly string[]): Differentiable {
  const { steps, outputs } = compile([expression], variables);
  const n = variables.length;
  const values = new Float64Array(n + steps.length);
  const adjoints = new Float64Array(n + steps.length);
  const sweeps: Sweep[] = [];
  steps.forEach((step, i) => {
    if (step.kind === 'constant') values[n + i] = approximate(step.value);
    else sweeps.push(sweepOf(step, n + i, values, adjoints));
  });
  const value = (point: Float64Array) => {
    values.set(point);
    for (const { forward } of sweeps) forward();
    return values[outputs[0]];
  };
  return {
    value,
    valueAndGradient: (point, gradient) => {
      const result = value(point);
      adjoints.fill(0);
      adjoints[outputs[0]] = 1;
      for (let k = sweeps.length - 1; k >= 0; k--) sweeps[k].backward();
      gradient.set(adjoints.subarray(0, n));
      return result;
    },
  };
}

interface Sweep {
  forward(): void;
  backward(): void;
}

/** Differences are taken over this part of an argument, as the logarithm asks; near 0 over this part of `FLAT`. */
const STEP = 2 ** -20;
const FLAT = 2 ** -16;

function sweepOf(step: Operation, out: number, v: Float64Array, bar: Float64Array): Sweep {
  const [a, b] = step.inputs;
  switch (step.kind) {
    case 'neg':
      return { forward: () => void (v[out] = -v[a]), backward: () => void (bar[a] -= bar[out]) };
    case 'add':
      return {
        forward: () => void (v[out] = v[a] + v[b]),
        backward: () => {
          bar[a] += bar[out];
          bar[b] += bar[out];
        },
      };
    case 'sub':
      return {
        forward: () => void (v[out] = v[a] - v[b]),
        backward: () => {
          bar[a] += bar[out];
          bar[b] -= bar[out];
        },
      };
    case 'mul':
      return {
        forward: () => void (v[out] = v[a] * v[b]),
        backward: () => {
          const adjoint = bar[out];
          bar[a] += adjoint * v[b];
          bar[b] += adjoint * v[a];
        },
      };
    case 'div':
      return {
        forward: () => void (v[out] = v[a] / v[b]),
        backward: () => {
          bar[a] += bar[out] / v[b];
          bar[b] -= (bar[out] * v[out]) / v[b];
        },
      };
    case 'pow': {
      const exponent = approximate(step.exponent);
      return {
        forward: () => void (v[out] = v[a] ** exponent),
        backward: () => void (bar[a] += bar[out] * exponent * v[a] ** (exponent - 1)),
      };
    }
    case 'apply':
      return step.fn.piecewiseLinear && step.inputs.length > 1
        ? selection(step.inputs, step.fn, out, v, bar)
        : application(step, out, v, bar);
  }
}

type Application = Extract<Operation, { kind: 'apply' }>;

/** min and max hand their adjoint to the argument that won. */
function selection(
  inputs: readonly number[],
  fn: Application['fn'],
  out: number,
  v: Float64Array,
  bar: Float64Array,
): Sweep {
  return {
    forward: () => void (v[out] = fn.float(...inputs.map((slot) => v[slot]))),
    backward: () => {
      const winner = inputs.find((slot) => v[slot] === v[out]);
      if (winner !== undefined) bar[winner] += bar[out];
    },
  };
}

/** Other functions by central differences: exact enough to climb by. */
function application({ fn, inputs }: Application, out: number, v: Float64Array, bar: Float64Array): Sweep {
  const args = () => inputs.map((slot) => v[slot]);
  return {
    forward: () => void (v[out] = fn.float(...args())),
    backward: () => {
      inputs.forEach((slot, k) => {
        const h = STEP * Math.max(FLAT, Math.abs(v[slot]));
        const moved = (by: number) => fn.float(...args().map((x, j) => (j === k ? x + by : x)));
        bar[slot] += (bar[out] * (moved(h) - moved(-h))) / (2 * h);
      });
    },
  };
}
