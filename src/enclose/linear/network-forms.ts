import { type Algebra, normalisedBy, UnsupportedOperation } from '../../evaluate/algebra.js';
import { isMaskedBeside, largestOf } from '../../evaluate/expressions.js';
import { Rational } from '../../numbers/rational.js';
import { rootBounds } from '../../numbers/root.js';
import type * as E from '../../symbolic/index.js';
import { logitOf, toText } from '../../symbolic/index.js';
import { fold } from '../../symbolic/walk.js';
import { CURVES, type Curve, PI, powerCurve } from './curves.js';
import { add, combine, constantForm, type Form, type Graph, isConstant, sub } from './graph.js';

/** Entries of a network as forms over the atoms of a graph. */
export function forms(graph: Graph): Algebra<Form> {
  return {
    name: 'forms over atoms',
    zero: constantForm(Rational.zero),
    of: constantForm,
    add,
    sub,
    mul: (a, b) => graph.product(a, b),
    min: (a, b) => graph.min(a, b),
    max: (a, b) => graph.max(a, b),
    relu: (a) => graph.relu(a),
    div: (a, b) => (isConstant(b) ? divided(a, b.constant) : graph.product(a, graph.curve(RECIPROCAL, b))),
    apply: (fn, a) => graph.curve(fn === 'sqrt' ? SQUARE_ROOT : CURVES[fn], a),
    power: (a, exponent) => graph.curve(powerCurve(Rational.of(exponent)), a),
    normalise: (x, epsilon) => normalise(graph, x, epsilon),
    argmax: () => {
      throw new UnsupportedOperation('the index of the largest entry has no linear relaxation');
    },
    dot: (a, b) =>
      combine(
        Rational.zero,
        a.map((x, k): readonly [Rational, Form] => {
          const y = b[k];
          if (isConstant(y)) return [y.constant, x];
          return isConstant(x) ? [x.constant, y] : [Rational.one, graph.product(x, y)];
        }),
      ),
    sum: (terms) =>
      combine(
        Rational.zero,
        terms.map((term) => [Rational.one, term] as const),
      ),
    softmax: (z) => softmax(graph, z),
  };
}

function divided(a: Form, divisor: Rational): Form {
  if (divisor.isZero()) throw new UnsupportedOperation('a quotient with the divisor 0 has no value');
  return combine(Rational.zero, [[divisor.inverse(), a]]);
}

/** The quotient cut off at a bound of sqrt(n), which no entry of a normalised vector exceeds. */
function normalise(graph: Graph, x: readonly Form[], epsilon: Rational): Form[] {
  const most = rootBounds(Rational.of(x.length), 2, 53).hi;
  return normalisedBy(forms(graph), x, epsilon).map((entry) =>
    graph.min(graph.max(entry, constantForm(most.neg())), constantForm(most)),
  );
}

/**
 * 1 / sum_j exp(z_j - z_i), so that no exponential of a large logit stands alone. Where a mask of -1e9 or the like is part
 * of z_i that exponential would overflow: there exp(z_i - z_r) times the share of the logit r with the largest constant.
 */
function softmax(graph: Graph, z: readonly Form[]): Form[] {
  const share = (own: Form, i: number): Form => {
    const others = z.filter((_, j) => j !== i).map((other) => graph.curve(CURVES.exp, sub(other, own)));
    if (others.length === 0) return constantForm(Rational.one);
    const total = combine(
      Rational.one,
      others.map((power) => [Rational.one, power] as const),
    );
    return graph.curve(RECIPROCAL, total);
  };
  const constants = z.map(({ constant }) => constant);
  const r = largestOf(constants);
  return z.map((own, i) =>
    isMaskedBeside(constants[i], constants[r])
      ? graph.product(graph.curve(CURVES.exp, sub(own, z[r])), share(z[r], r))
      : share(own, i),
  );
}

const RECIPROCAL = powerCurve(Rational.of(-1));
const SQUARE_ROOT = powerCurve(Rational.of(1, 2));

/**
 * An expression as a form, its variables being the given ones. Throws UnsupportedOperation for a function that has no
 * linear relaxation here, RangeError for a variable that is not given.
 */
export function expressionForm(graph: Graph, e: E.Expression, variables: ReadonlyMap<string, Form>): Form {
  return fold(e, (part, below) => formOf(graph, part, below, variables));
}

function formOf(
  graph: Graph,
  e: E.Expression,
  visit: (part: E.Expression) => Form,
  variables: ReadonlyMap<string, Form>,
): Form {
  switch (e.kind) {
    case 'constant':
      return constantForm(e.value);
    case 'variable': {
      const form = variables.get(e.name);
      if (!form) throw new RangeError(`${e.name} is not one of the variables ${[...variables.keys()].join(', ')}`);
      return form;
    }
    case 'sum':
      return combine(
        e.constant,
        e.terms.map(({ coefficient, of }) => [coefficient, visit(of)] as const),
      );
    case 'product':
      return e.factors.map(visit).reduce((a, b) => graph.product(a, b));
    case 'power': {
      const logit = logitOf(e);
      if (logit) return graph.curve(CURVES.sigmoid, sub(constantForm(Rational.zero), visit(logit)));
      return graph.curve(powerCurve(e.exponent), visit(e.base));
    }
    case 'application':
      return applied(graph, e, e.args.map(visit));
  }
}

function applied(graph: Graph, e: E.Application, args: readonly Form[]): Form {
  const { name } = e.fn;
  if (name === 'max') return args.reduce((a, b) => graph.max(a, b));
  if (name === 'min') return args.reduce((a, b) => graph.min(a, b));
  if (name === 'abs') return graph.abs(args[0]);
  if (name === 'pi') return graph.curve(PI, constantForm(Rational.zero));
  const curve = (CURVES as Readonly<Record<string, Curve | undefined>>)[name];
  if (!curve) throw new UnsupportedOperation(`${toText(e).slice(0, 200)} has no linear relaxation`);
  return graph.curve(curve, args[0]);
}
