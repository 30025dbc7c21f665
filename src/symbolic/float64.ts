import { approximate } from '../numbers/convert.js';
import type { Expression } from './expression.js';
import { compile, type Operation } from './program.js';

/**
 * The expressions as one function on doubles, the variables in the order given; NaN or infinite where undefined. Each
 * operation is rounded to nearest or nearly so: for searches and pictures, never for a bound.
 *
 * Throws RangeError for a variable that is not listed.
 */
export function toFloat64(
  expressions: readonly Expression[],
  variables: readonly string[],
): (point: readonly number[] | Float64Array) => number[] {
  const { steps, outputs } = compile(expressions, variables);
  const slots = new Float64Array(variables.length + steps.length);
  const slotOf = (index: number) => variables.length + index;
  steps.forEach((step, i) => {
    if (step.kind === 'constant') slots[slotOf(i)] = approximate(step.value);
  });
  const operations = steps.flatMap((step, i) => (step.kind === 'constant' ? [] : [{ step, out: slotOf(i) }]));
  const outs = Int32Array.from(operations, ({ out }) => out);
  const codes = Uint8Array.from(operations, ({ step }) => CODES[step.kind]);
  const left = Int32Array.from(operations, ({ step }) => step.inputs[0] ?? 0);
  const right = Int32Array.from(operations, ({ step }) => step.inputs[1] ?? 0);
  const others = operations.map(({ step }) => other(step, slots));

  return (point) => {
    for (let i = 0; i < variables.length; i++) slots[i] = point[i];
    for (let i = 0; i < codes.length; i++) {
      const a = slots[left[i]];
      const b = slots[right[i]];
      switch (codes[i]) {
        case ADD:
          slots[outs[i]] = a + b;
          break;
        case SUB:
          slots[outs[i]] = a - b;
          break;
        case MUL:
          slots[outs[i]] = a * b;
          break;
        case DIV:
          slots[outs[i]] = a / b;
          break;
        default:
          slots[outs[i]] = others[i](a);
      }
    }
    return outputs.map((slot) => slots[slot]);
  };
}

const [ADD, SUB, MUL, DIV, OTHER] = [0, 1, 2, 3, 4];
const CODES: Readonly<Record<Operation['kind'], number>> = {
  add: ADD,
  sub: SUB,
  mul: MUL,
  div: DIV,
  neg: OTHER,
  pow: OTHER,
  apply: OTHER,
};

/** A step that is not one of the four operations, as a function of its first operand. */
function other(step: Operation, slots: Float64Array): (x: number) => number {
  switch (step.kind) {
    case 'pow': {
      const exponent = approximate(step.exponent);
      return exponent === 2 ? (x) => x * x : (x) => x ** exponent;
    }
    case 'apply': {
      const { fn, inputs } = step;
      return inputs.length === 1 ? fn.float : () => fn.float(...inputs.map((slot) => slots[slot]));
    }
    default:
      return (x) => -x;
  }
}
