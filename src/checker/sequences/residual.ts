import { spend } from '../budget.js';
import { brief, demand } from '../failure.js';

/**
 * A function of a sequence of tokens, of which some are known: a number, a token that is not known yet, or an operation on
 * such. Equal texts (`textOf`), equal functions of the tokens that are not known.
 */
export type Residual = bigint | Token | Operation;

interface Token {
  readonly token: number;
}

interface Operation {
  readonly op: string;
  /** A number that belongs to the operation, or the state of a machine. */
  readonly at: bigint;
  /** The base of a carry, brackets, or the table of an automaton, as they were written. */
  readonly of: readonly bigint[];
  readonly args: readonly Residual[];
}

export function isToken(rest: Residual): rest is Token {
  return typeof rest !== 'bigint' && 'token' in rest;
}

/** Machines read their arguments in order, so many at a time. */
const READS: Readonly<Record<string, number>> = { carry: 2, balanced: 1, automaton: 1 };

/** The operation, as far as it can be carried out. Throws Rejected for what is undefined. */
export function operation(op: string, args: readonly Residual[], at = 0n, of: readonly bigint[] = []): Residual {
  spend(30 + 10 * args.length);
  const width = READS[op];
  if (width !== undefined) return machine(op, width, args, at, of);
  const known = args.filter((arg) => typeof arg === 'bigint');
  const open = args.filter((arg) => typeof arg !== 'bigint');
  switch (op) {
    case 'sum': {
      const total = known.reduce((a, b) => a + b, at);
      return open.length === 0 ? total : { op, at: total, of, args: open };
    }
    case 'product': {
      const factor = known.reduce((a, b) => a * b, at);
      return open.length === 0 || factor === 0n ? factor : { op, at: factor, of, args: open };
    }
    case 'mod': {
      const [arg] = args;
      if (typeof arg === 'bigint') return modulo(arg, at);
      const reduced = 'op' in arg && arg.op === 'sum' ? operation('sum', arg.args, modulo(arg.at, at)) : arg;
      return { op, at, of, args: [reduced] };
    }
    case 'quotient':
      return open.length > 0 ? { op, at, of, args } : floorDiv(known[0], at);
    case 'is':
      return open.length > 0 ? { op, at, of, args } : BigInt(known[0] === at);
    case 'min':
    case 'max':
      return open.length > 0 ? { op, at, of, args } : known.reduce((a, b) => (a < b === (op === 'min') ? a : b));
    default:
      demand(false, `${brief(op)} is no operation on tokens`);
  }
}

function machine(op: string, width: number, args: readonly Residual[], start: bigint, of: readonly bigint[]): Residual {
  let [state, next] = [start, 0];
  for (; next < args.length; next += width) {
    const item = args.slice(next, next + width);
    if (!item.every((arg) => typeof arg === 'bigint')) break;
    state = moved(op, state, item, of);
  }
  const rest = args.slice(next);
  if (rest.length === 0) return op === 'balanced' ? BigInt(state === 0n) : state;
  return { op, at: state, of, args: rest };
}

function moved(op: string, state: bigint, [a, b]: readonly bigint[], of: readonly bigint[]): bigint {
  if (op === 'carry') return BigInt(a + b + state >= of[0]);
  if (op === 'balanced') return state < 0n ? state : a === of[0] ? state + 1n : a === of[1] ? state - 1n : state;
  const [states] = of;
  const symbols = BigInt(of.length - 1) / states;
  demand(a >= 0n && a < symbols, `an automaton has no row for the symbol ${a}`);
  return of[Number(1n + a * states + state)];
}

/** The same once a token is known. */
export function told(rest: Residual, token: number, value: bigint): Residual {
  if (typeof rest === 'bigint') return rest;
  if ('token' in rest) return rest.token === token ? value : rest;
  return operation(
    rest.op,
    rest.args.map((arg) => told(arg, token, value)),
    rest.at,
    rest.of,
  );
}

export function textOf(rest: Residual): string {
  spend(20);
  if (typeof rest === 'bigint') return `${rest}`;
  if ('token' in rest) return `s${rest.token}`;
  return `${rest.op}:${rest.at}(${rest.of};${rest.args.map(textOf).join()})`;
}

function floorDiv(a: bigint, m: bigint): bigint {
  return (a - modulo(a, m)) / m;
}

function modulo(a: bigint, m: bigint): bigint {
  return ((a % m) + m) % m;
}
