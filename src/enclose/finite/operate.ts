import { type Algebra, UnsupportedOperation } from '../../evaluate/algebra.js';
import type { FunctionName } from '../../network/operations.js';
import { doubleIntervals as A } from '../../numbers/doubles.js';
import type { Interval } from '../../numbers/interval.js';
import type { Rational } from '../../numbers/rational.js';
import type { Atom, Form } from './form.js';

const UNIT = A.fromDoubles(0, 1);

/** Results of operations on vectors, by the vectors. */
interface Vectors {
  get(key: readonly Form[]): readonly Interval[] | undefined;
  set(key: readonly Form[], value: readonly Interval[]): unknown;
}

/** An operation where its arguments lie in intervals; means N/Z are quotients of exact sums, whose errors their forms carry. */
export function operate(
  { op, args, index, parameter }: Atom,
  value: (form: Form) => Interval,
  numbers: Algebra<Interval>,
  vectors: Vectors,
): Interval {
  const all = (fn: (values: readonly Interval[]) => readonly Interval[]): Interval => {
    const found = vectors.get(args) ?? fn(args.map(value));
    vectors.set(args, found);
    return found[index];
  };
  switch (op) {
    case 'relu':
      return numbers.relu(value(args[0]));
    case 'min':
    case 'max':
      return numbers[op](value(args[0]), value(args[1]));
    case 'mul':
      return args[0] === args[1] && numbers.sharesResults
        ? A.sqr(value(args[0]))
        : numbers.mul(value(args[0]), value(args[1]));
    case 'dot': {
      const values = args.map(value);
      return numbers.dot(values.slice(0, args.length / 2), values.slice(args.length / 2));
    }
    case 'mean':
      return A.div(value(args[0]), value(args[1]));
    case 'quotient':
      return numbers.div(value(args[0]), value(args[1]));
    case 'share':
      if (!numbers.sharesResults)
        throw new UnsupportedOperation('a share of a softmax that is no part of a mean, as a device computes it');
      return A.intersect(A.div(value(args[index]), value(args.at(-1)!)), UNIT);
    case 'apply':
      return numbers.apply(parameter as FunctionName, value(args[0]));
    case 'power':
      return numbers.power(value(args[0]), parameter as number);
    case 'softmax':
      return all(numbers.softmax);
    case 'normalise':
      return all((x) => numbers.normalise(x, parameter as Rational));
  }
}
