import { valueOfSum } from '../calculus.js';
import { listed } from '../digest.js';
import type { Rule } from '../fact.js';
import { demand } from '../failure.js';
import { Fraction } from '../fraction.js';
import { byName, numbersOf } from '../inputs.js';
import * as I from '../interval.js';
import { fraction, record, sizeOf } from '../network.js';
import { Point } from '../point.js';
import type { Session } from '../session.js';
import type { Domain } from '../side.js';

/**
 * Data: an `output` of one number, a `domain`, `inputs` {x: [numbers in row-major order]} in it, a `target`, and `least`,
 * which exceeds `bound`: at these inputs |output - target| >= least, so that it is not at most `bound` on the domain.
 * Both are enclosed in interval arithmetic.
 */
export const evaluation: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'domain', 'inputs', 'target', 'least', 'bound']);
  const node = session.output(fields.output);
  demand(sizeOf(session.network.nodes[node].shape) === 1, 'the output is not one number');
  const domain = session.domain(fields.domain);
  const [least, bound] = [fraction(fields.least, 'least'), fraction(fields.bound, 'the bound')];
  demand(bound.lt(least), `${least} does not exceed the bound ${bound}`);
  const { values, shown } = pointIn(session, domain, fields.inputs);
  const output = new Point(session.atoms, values).enclose(session.entries(node)[0]);
  const target = session.expressions.parse(fields.target, session.names);
  const value = valueOfSum([[Fraction.one, target]], (name) => values.get(name)!);
  demand(value !== null, 'the target is not defined there');
  const holds = least.le(I.lower(output).sub(value.hi)) || least.le(value.lo.sub(I.upper(output)));
  demand(holds, () => `there |output - target| is not shown to be ${least}`);
  return {
    kind: 'closed',
    conclusion: { kind: 'evaluation', ...fields },
    statement:
      `not for all ${session.describeDomain(domain)} is |${fields.output} - (${fields.target})| <= ${bound}: at ${shown} ` +
      `it is at least ${least}`,
  };
};

/** The numbers of the inputs' entries by their names, each within the domain. */
function pointIn(session: Session, domain: Domain, inputs: unknown) {
  const numbers = numbersOf(session.network, inputs);
  const shown = [...numbers].map(([node, values]) => {
    const { name } = session.network.nodes[node];
    const side = domain.get(name);
    const isInside = values.every((x) => !side || (side.lo.le(x) && x.le(side.hi)));
    demand(isInside, `a number of the input ${name} is outside the domain`);
    return `${name} = (${listed(values.map(String))})`;
  });
  return { values: byName(session, numbers), shown: shown.join(', ') };
}
