import { Rational } from '../numbers/rational.js';
import { ARGUMENT, type Component } from './composition.js';
import {
  type Application,
  add,
  children,
  combination,
  type Expression,
  product,
  rebuild,
  type Sum,
  sub,
  type Term,
  variable,
  variablesOf,
  zero,
} from './expression.js';
import { apply } from './functions.js';
import { ExpressionMap } from './identity.js';
import { isPiecewiseLinear } from './piecewise.js';
import { affineOf } from './polynomial.js';
import { remembered } from './walk.js';

/**
 * An expression as a composition of affine forms, functions of one number and products.
 *
 * A function of one affine form (a single variable is one) is one part, unless it is neither smooth nor piecewise linear;
 * summands and factors that are functions of the same form go together; min and max are hinges, max(a, b) = b + max(a - b, 0)
 * and min(a, b) = a - max(a - b, 0), from the left. Equal expressions are one part.
 */
export function decompose(e: Expression, variables: readonly string[]): readonly Component[] {
  const maker = new Maker(variables);
  const place = maker.visit(e);
  const last = maker.parts.length - 1 + variables.length;
  return place === last && maker.parts.length > 0
    ? maker.parts
    : [...maker.parts, { kind: 'affine', terms: [[Rational.one, place]], constant: Rational.zero }];
}

class Maker {
  readonly parts: Component[] = [];
  private readonly places = new ExpressionMap<number>();

  constructor(private readonly variables: readonly string[]) {
    variables.forEach((name, i) => {
      this.places.set(variable(name), i);
    });
  }

  visit(e: Expression): number {
    const known = this.places.get(e);
    if (known !== undefined) return known;
    const place = this.make(e);
    this.places.set(e, place);
    return place;
  }

  private put(part: Component): number {
    return this.parts.push(part) - 1 + this.variables.length;
  }

  private make(e: Expression): number {
    const affine = affineOf(e, this.variables);
    if (affine) {
      const terms = affine.coefficients.flatMap((c, i) => (c.isZero() ? [] : [[c, i] as const]));
      return this.put({ kind: 'affine', terms, constant: affine.constant });
    }
    const ridge = ridgeOf(e, this.variables);
    if (ridge && isOnePart(ridge.g)) return this.put({ kind: 'function', of: this.visit(ridge.form), g: ridge.g });
    switch (e.kind) {
      case 'sum':
        return this.sum(e);
      case 'product':
        return this.together(e.factors, product)
          .map((factor) => this.visit(factor))
          .reduce((u, v) => this.put({ kind: 'product', of: [u, v] }));
      case 'power':
        return this.put({ kind: 'function', of: this.visit(e.base), g: rebuild(e, () => variable(ARGUMENT)) });
      case 'application':
        return this.application(e);
      default:
        throw new Error('unreachable: constants and variables are affine');
    }
  }

  private application(e: Application): number {
    if (e.args.length === 1) {
      return this.put({ kind: 'function', of: this.visit(e.args[0]), g: rebuild(e, () => variable(ARGUMENT)) });
    }
    const [rest, b] = [e.args.slice(0, -1), e.args[e.args.length - 1]];
    const a = rest.length === 1 ? rest[0] : apply(e.fn.name as 'max', ...rest);
    const excess = apply('max', variable(ARGUMENT), zero);
    const hinge = this.put({ kind: 'function', of: this.visit(sub(a, b)), g: excess });
    const [base, sign] = e.fn.name === 'max' ? [b, Rational.one] : [a, Rational.of(-1)];
    const terms = [[Rational.one, this.visit(base)] as const, [sign, hinge] as const];
    return this.put({ kind: 'affine', terms, constant: Rational.zero });
  }

  private sum(e: Sum): number {
    const terms = e.terms.map((term) => combination(Rational.zero, [term]));
    const isAffine = (term: Expression) => affineOf(term, this.variables) !== undefined;
    const straight = affineOf(
      combination(
        e.constant,
        e.terms.filter(({ of }) => isAffine(of)),
      ),
      this.variables,
    )!;
    const bent = this.together(
      terms.filter((term) => !isAffine(term)),
      (list) => list.reduce(add),
    ).map((group): readonly [Rational, number] => {
      const { coefficient, of } = lone(group);
      return [coefficient, this.visit(of)];
    });
    const direct = straight.coefficients.flatMap((c, i) => (c.isZero() ? [] : [[c, i] as const]));
    return this.put({ kind: 'affine', terms: [...direct, ...bent], constant: straight.constant });
  }

  /** Joins the expressions that are functions of the same affine form. */
  private together(list: readonly Expression[], join: (group: Expression[]) => Expression): Expression[] {
    const groups: { key: Expression | null; members: Expression[] }[] = [];
    for (const e of list) {
      const ridge = ridgeOf(e, this.variables);
      const key = ridge && isOnePart(ridge.g) && !isBent(ridge.g) ? ridge.form : null;
      const group = key && groups.find((other) => other.key && isSame(other.key, key));
      if (group) group.members.push(e);
      else groups.push({ key, members: [e] });
    }
    return groups.map(({ members }) => (members.length === 1 ? members[0] : join(members)));
  }
}

/** e = g(form) for an affine form without constant and with the leading coefficient 1; null when there is none. */
function ridgeOf(e: Expression, variables: readonly string[]): { form: Expression; g: Expression } | null {
  let form: Expression | null = null;
  let isRidge = true;
  const visit = (part: Expression): Expression => {
    const affine = affineOf(part, variables);
    if (!affine) return part.kind === 'sum' ? split(part) : rebuild(part, visit);
    const lead = affine.coefficients.find((c) => !c.isZero());
    if (!lead) return part;
    const own = combination(
      Rational.zero,
      affine.coefficients.map((c, i) => ({ coefficient: c.div(lead), of: variable(variables[i]) })),
    );
    form ??= own;
    isRidge &&= isSame(form, own);
    return combination(affine.constant, [{ coefficient: lead, of: variable(ARGUMENT) }]);
  };
  const split = (part: Sum): Expression => {
    const straight = part.terms.filter(({ of }) => affineOf(of, variables));
    const bent = part.terms.filter(({ of }) => !affineOf(of, variables));
    const moved = bent.map(({ coefficient, of }): Term => ({ coefficient, of: visit(of) }));
    const rest =
      straight.length === 0 ? [] : [{ coefficient: Rational.one, of: visit(combination(Rational.zero, straight)) }];
    return combination(part.constant, [...moved, ...rest]);
  };
  const g = visit(e);
  return isRidge && form ? { form, g } : null;
}

/** Whether a function of one number is smooth or piecewise linear. */
function isOnePart(g: Expression): boolean {
  return !isBent(g) || isPiecewiseLinear(g, [ARGUMENT]);
}

const isBent: (e: Expression) => boolean = remembered(
  (e, below) => (e.kind === 'application' && e.fn.piecewiseLinear === true) || children(e).some(below),
);

function lone(e: Expression): Term {
  const isScaled = e.kind === 'sum' && e.terms.length === 1 && e.constant.isZero();
  return isScaled ? e.terms[0] : { coefficient: Rational.one, of: e };
}

function isSame(a: Expression, b: Expression): boolean {
  return affineText(a) === affineText(b);
}

function affineText(e: Expression): string {
  const names = [...variablesOf(e)].sort();
  const affine = affineOf(e, names)!;
  return affine.coefficients.map((c, i) => `${c} ${names[i]}`).join();
}
