import { formOf } from '../calculus.js';
import { listed } from '../digest.js';
import { closed, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { constantForm, isConstant } from '../forms.js';
import type { Fraction } from '../fraction.js';
import { byName, numbersOf } from '../inputs.js';
import * as I from '../interval.js';
import { type Fields, fraction, list, record } from '../network.js';
import { Point } from '../point.js';
import type { Session } from '../session.js';

/**
 * Data: an `output` y of E numbers, two `inputs` {x: [numbers in row-major order]}, a `target` H, `eps` and `slope`. A
 * function f with |f(y) - H| <= eps at both inputs has |f(y) - f(y')| >= |H - H'| - 2 eps > 0, so y and y' differ, and it has at
 * least that over |y - y'| as its Lipschitz constant in the maximum norm. Units of weights at most 1 have at most E each.
 */
export const collision: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'inputs', 'target', 'eps', 'slope']);
  const node = session.output(fields.output);
  const [eps, slope] = [fraction(fields.eps, 'eps'), fraction(fields.slope, 'the slope')];
  demand(eps.n >= 0n && slope.n > 0n, 'eps is negative, or the slope is not positive');
  const points = list(fields.inputs, 'inputs').map((value) => byName(session, numbersOf(session.network, value)));
  demand(points.length === 2, `there are ${points.length} inputs`);
  const forms = session.entries(node);
  const [y, z] = points.map((values) => {
    const point = new Point(session.atoms, values);
    return forms.map((form) => point.enclose(form));
  });
  const distance = y.map((value, k) => magnitude(value, z[k])).reduce((a, b) => a.max(b));
  const [H, G] = points.map((values) => targetAt(session, fields.target, values));
  const forced = H.sub(G).abs().sub(eps).sub(eps);
  demand(forced.n > 0n, 'the two targets are not more than 2 eps apart');
  demand(slope.mul(distance).le(forced), `the two inputs do not force a slope of ${slope}`);
  const [first, second] = (fields.inputs as readonly Fields[]).map(shown);
  return closed(
    { kind: 'collision', ...fields },
    `a function f with |f(${fields.output}) - (${fields.target})| <= ${eps} at ${first} and at ${second} has in the ` +
      `maximum norm a Lipschitz constant of at least ${slope}; so a sum of N units a s(w . ${fields.output} + b), with ` +
      `|a|, |w_k| <= 1 and s of Lipschitz constant 1, has N >= (${slope})/${forms.length}`,
  );
};

/** The target at a point, which must be a rational number. */
function targetAt({ expressions, names, atoms }: Session, target: unknown, point: ReadonlyMap<string, Fraction>) {
  const value = formOf(expressions.parse(target, names), atoms, (name) => constantForm(point.get(name)!));
  demand(value !== null && isConstant(value), 'the target at an input is no rational number');
  return value.constant;
}

/** The most that |a - b| can be. */
function magnitude(a: I.Interval, b: I.Interval): Fraction {
  const difference = I.add(a, I.neg(b));
  return I.upper(difference).max(I.lower(difference).neg());
}

/** `x = (1, 63 x 0)`. */
function shown(inputs: Fields): string {
  const runs = (numbers: readonly unknown[]) => {
    const result: [unknown, number][] = [];
    for (const number of numbers) {
      const last = result.at(-1);
      if (last && last[0] === number) last[1] += 1;
      else result.push([number, 1]);
    }
    return listed(result.map(([number, count]) => (count === 1 ? number : `${count} x ${number}`)));
  };
  return Object.entries(inputs)
    .map(([name, numbers]) => `${name} = (${runs(numbers as readonly unknown[])})`)
    .join(', ');
}
