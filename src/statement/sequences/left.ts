import { Rational } from '../../numbers/rational.js';
import type { Fold } from './folds.js';

/**
 * What is left of a function of a sequence once some of its tokens are known. Equal keys, equal functions of the rest: the
 * key is the state that dynamic programming over sequences keeps.
 */
export interface Left {
  readonly key: string;
  /** The tokens that it still waits for, in the order in which it would best be told them. */
  readonly waits: readonly number[];
  /** Its value, once it waits for none. */
  readonly value: Rational | null;
  /** The same once a token is known. */
  told(token: number, value: Rational): Left;
}

export function known(value: Rational): Left {
  return { key: value.toString(), waits: [], value, told: () => known(value) };
}

export function token(at: number): Left {
  return { key: `s${at}`, waits: [at], value: null, told: (other, value) => (other === at ? known(value) : token(at)) };
}

/** constant + sum of factor times part. */
export function sumOfLefts(constant: Rational, parts: readonly (readonly [Rational, Left])[]): Left {
  let total = constant;
  const open: (readonly [Rational, Left])[] = [];
  for (const [factor, part] of parts) {
    if (part.value) total = total.add(factor.mul(part.value));
    else if (!factor.isZero()) open.push([factor, part]);
  }
  if (open.length === 0) return known(total);
  return {
    key: `(${total}${open.map(([factor, { key }]) => `+${factor}*${key}`).join('')})`,
    waits: waitsOf(open.map(([, part]) => part)),
    value: null,
    told: (at, value) =>
      sumOfLefts(
        total,
        open.map(([factor, part]) => [factor, toldTo(part, at, value)]),
      ),
  };
}

/** A function of numbers, once all of them are known. */
export function applied(name: string, args: readonly Left[], fn: (values: readonly Rational[]) => Rational): Left {
  if (args.every(({ value }) => value !== null)) return known(fn(args.map(({ value }) => value!)));
  return {
    key: `${name}(${args.map(({ key }) => key).join(',')})`,
    waits: waitsOf(args),
    value: null,
    told: (at, value) =>
      applied(
        name,
        args.map((arg) => toldTo(arg, at, value)),
        fn,
      ),
  };
}

/** u mod m for an integer m > 0: of a sum, all but the residue of what is known is forgotten. */
export function modulo(
  of: Left,
  m: bigint,
  sum: { constant: Rational; parts: readonly (readonly [Rational, Left])[] },
): Left {
  let { constant } = sum;
  const open: (readonly [Rational, Left])[] = [];
  for (const [factor, part] of sum.parts) {
    if (part.value) constant = constant.add(factor.mul(part.value));
    else open.push([factor, part]);
  }
  const residue = remainder(constant, m);
  if (open.length === 0) return known(residue);
  return {
    key: `mod(${residue}${open.map(([factor, { key }]) => `+${factor}*${key}`).join('')},${m})`,
    waits: waitsOf(open.map(([, part]) => part)),
    value: null,
    told: (at, value) =>
      modulo(of, m, { constant: residue, parts: open.map(([factor, part]) => [factor, toldTo(part, at, value)]) }),
  };
}

/** u - m floor(u/m). */
export function remainder(u: Rational, m: bigint): Rational {
  const by = Rational.of(m);
  return u.sub(by.mul(Rational.of(u.div(by).floor())));
}

/** A machine that reads items in their order; each item is read once all its numbers are known. */
export function folded(fold: Fold, state: number, items: readonly (readonly Left[])[]): Left {
  let at = state;
  let next = 0;
  while (next < items.length && items[next].every(({ value }) => value !== null)) {
    at = fold.next(
      at,
      items[next].map(({ value }) => value!),
    );
    next += 1;
  }
  const rest = items.slice(next);
  if (rest.length === 0 || fold.isFinal?.(at)) return known(fold.value(at));
  return {
    key: `${fold.name}:${at}(${rest.map((item) => item.map(({ key }) => key).join(' ')).join(',')})`,
    waits: waitsOf(rest.flat()),
    value: null,
    told: (other, value) =>
      folded(
        fold,
        at,
        rest.map((item) => item.map((part) => toldTo(part, other, value))),
      ),
  };
}

function toldTo(part: Left, at: number, value: Rational): Left {
  return part.waits.includes(at) ? part.told(at, value) : part;
}

/** Machines first, as they read in their order, then tokens alone. */
function waitsOf(parts: readonly Left[]): number[] {
  const alone = (part: Left): number => (part.waits.length === 1 ? 1 : 0);
  return [...new Set([...parts].sort((a, b) => alone(a) - alone(b)).flatMap(({ waits }) => waits))];
}
