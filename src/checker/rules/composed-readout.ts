import { inputJet, jetOfSum } from '../calculus.js';
import { type Rule, rangeOf } from '../fact.js';
import { brief, demand, demandShown } from '../failure.js';
import { equal } from '../forms.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { list, record } from '../network.js';
import { samePolynomial } from '../polynomial.js';
import { compositeOf, entryValue, follow, only, pick, placesOf, type Read, sideOf, textIn } from './composed-parts.js';

/**
 * Data: a `node` of one entry that the network computes in `parts` (`composed-parts.ts`) of the entries `z`
 * [[node, entry], ...], and what it stands for, a `readout` text in z1, z2, .... Premises: bounds of these entries against
 * targets. Where they lie follows from the ranges of the targets, and from bounds of them against numbers.
 */
export const composedReadout: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['node', 'z', 'readout', 'parts']);
  const [node, parts] = [session.node(fields.node), list(fields.parts, 'parts')];
  const places = placesOf(session, fields.z);
  const bounds = places.map(([of, at]) => premises.at(of, at));
  const given = places.map(([of, at], i) => {
    const { target, lo, hi } = bounds[i];
    const mean = premises.find(of, at, (bound) => bound !== bounds[i] && bound.target.kind === 'number');
    const range = mean && rangeOf([mean]);
    const { value } = jetOfSum([[Fraction.one, target]], (name) => {
      const side = session.sideOf(name, premises.domain);
      return inputJet(I.between(side.lo, side.hi));
    });
    demand(value !== null, `the target of entry ${at} of node ${of} is not bounded`);
    const error = I.between(lo, hi);
    const near = I.add(value, error);
    return entryValue(session, of, at, range ? I.meet(near, I.between(range.lo, range.hi)) : near, error);
  });
  const read: Read = (to, others) => session.between(others, to).forms;
  const last = follow(session, given, parts, read);
  demand(equal(only(read(node, [last.node])), last.symbol), `node ${node} is not the last part`);
  const variables = given.map(({ name }) => session.expressions.variable(name));
  const [stated, readout] = [compositeOf(session, variables, parts), textIn(session, fields.readout, given)];
  demandShown(samePolynomial(stated, readout), () => `the parts do not come to ${brief(fields.readout)}`);
  const target = session.expressions.parse(fields.readout, (name) => pick(bounds, name)?.target);
  return { kind: 'within', domain: premises.domain, node, entries: new Map([[0, { target, ...sideOf(last.error) }]]) };
};
