import { hold, spend } from './budget.js';
import { demand } from './failure.js';
import { Fraction, raise } from './fraction.js';

/** An expression in the network's inputs. Equal trees are one object, so that equality is identity. */
export type Expression =
  | { readonly kind: 'number'; readonly value: Fraction }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'sum'; readonly args: readonly Expression[] }
  | { readonly kind: 'product'; readonly args: readonly Expression[] }
  | { readonly kind: 'power'; readonly args: readonly [Expression]; readonly exponent: Fraction }
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly Expression[] };

const LARGEST_EXPONENT = Fraction.of(64);
/** Of a power of a number. */
const LARGEST_WHOLE = Fraction.of(4096);
/** Bytes of an expression, with its places among the known ones. */
const PART = 300;

/** Builds expressions; those with equal trees are the same object. */
export class Maker {
  private readonly known = new Map<string, Expression>();
  private readonly ids = new Map<Expression, number>();

  number(value: Fraction): Expression {
    return this.intern(`${value}`, { kind: 'number', value });
  }

  variable(name: string): Expression {
    return this.intern(`$${name}`, { kind: 'variable', name });
  }

  sum(args: readonly Expression[]): Expression {
    const values = valuesOf(args);
    if (values) return this.number(values.reduce((a, b) => a.add(b)));
    return args.length === 1 ? args[0] : this.intern(`+${args.map((arg) => this.id(arg))}`, { kind: 'sum', args });
  }

  product(args: readonly Expression[]): Expression {
    const values = valuesOf(args);
    if (values) return this.number(values.reduce((a, b) => a.mul(b)));
    return args.length === 1 ? args[0] : this.intern(`*${args.map((arg) => this.id(arg))}`, { kind: 'product', args });
  }

  power(base: Expression, exponent: Fraction): Expression {
    const isWhole = exponent.d === 1n && exponent.abs().le(LARGEST_WHOLE);
    if (base.kind === 'number' && isWhole) return this.number(raise(base.value, exponent.n));
    const isSmall = exponent.abs().le(LARGEST_EXPONENT) && exponent.d <= LARGEST_EXPONENT.n;
    demand(isSmall, () => `the exponent ${exponent} is too large`);
    return this.intern(`${this.id(base)}^${exponent}`, { kind: 'power', args: [base], exponent });
  }

  apply(name: string, args: readonly Expression[]): Expression {
    return this.intern(`${name}(${args.map((arg) => this.id(arg))})`, { kind: 'function', name, args });
  }

  /** min or max of one function of each of `count` rows, of which the first is given; all are written down when they are asked for. */
  family(name: string, rows: string, count: number, first: Expression, write: () => readonly Expression[]): Expression {
    let args: readonly Expression[] | undefined;
    const e: Expression = {
      kind: 'function',
      name,
      get args() {
        args ??= write();
        return args;
      },
    };
    return this.intern(`${name}{${rows}}(${this.id(first)})`, e, count);
  }

  /** Whether two expressions are one tree, however they were made. */
  same(a: Expression, b: Expression): boolean {
    spend(20);
    if (a === b) return true;
    if (!('args' in a && 'args' in b)) return false;
    const heads = [a, b].map((e) => (e.kind === 'function' ? e.name : e.kind === 'power' ? `^${e.exponent}` : e.kind));
    const isLike = heads[0] === heads[1] && a.args.length === b.args.length;
    return isLike && a.args.every((arg, k) => this.same(arg, b.args[k]));
  }

  negative(e: Expression): Expression {
    if (e.kind === 'number') return this.number(e.value.neg());
    return this.product([this.number(Fraction.of(-1)), e]);
  }

  inverse(e: Expression): Expression {
    return e.kind === 'number' ? this.number(Fraction.one.div(e.value)) : this.power(e, Fraction.of(-1));
  }

  private id(e: Expression): number {
    return this.ids.get(e)!;
  }

  private intern(key: string, e: Expression, count = 'args' in e ? e.args.length : 0): Expression {
    spend(60 + key.length / 4);
    const found = this.known.get(key);
    if (found) return found;
    hold(PART + key.length + 8 * count);
    this.known.set(key, e);
    this.ids.set(e, this.known.size);
    return e;
  }
}

/** The values of numbers; null when there is something else among them. */
function valuesOf(args: readonly Expression[]): Fraction[] | null {
  const values: Fraction[] = [];
  for (const arg of args) {
    if (arg.kind !== 'number') return null;
    values.push(arg.value);
  }
  return values;
}
