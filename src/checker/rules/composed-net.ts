import { entry } from '../evaluate.js';
import type { Rule, Within } from '../fact.js';
import { brief, demand } from '../failure.js';
import { equal } from '../forms.js';
import * as I from '../interval.js';
import { list, record, sizeOf } from '../network.js';
import { samePolynomial } from '../polynomial.js';
import { ranges } from '../term-expressions.js';
import { compositeOf, entryValue, follow, NOTHING, sideOf } from './composed-parts.js';

/**
 * Data: `entries` of `node`, which the network computes row by row of `of`, whose entries are inputs, in `parts` (`composed-parts.ts`)
 * of a row z1, ..., zd; the `target` text of each, in which `t` stands for the number in `tokens`. With the target 0: the
 * range of the entries.
 */
export const composedNet: Rule = (session, data) => {
  const fields = record(data, 'the data', ['of', 'node', 'domain', 'entries', 'tokens', 'target', 'parts']);
  const [of, node] = [session.node(fields.of), session.node(fields.node)];
  const [domain, parts] = [session.domain(fields.domain), list(fields.parts, 'parts')];
  const [entries, tokens] = [ranges(fields.entries), ranges(fields.tokens)];
  demand(tokens.length === entries.length, 'there are not as many tokens as entries');
  const [source, shape] = [session.value(of), session.network.nodes[node].shape];
  const [width, columns] = [sizeOf(source.shape.slice(1)), sizeOf(shape.slice(1))];
  demand(entries[entries.length - 1] < sizeOf(shape), `node ${node} has no entry ${entries[entries.length - 1]}`);
  const rows = entries.map((at) =>
    Array.from({ length: width }, (_, j) => session.atoms.nameOf(entry(source, Math.floor(at / columns) * width + j))),
  );
  const given = rows[0].map((_, j) => {
    const sides = rows.map((row) => session.sideOf(row[j], domain));
    return entryValue(session, of, j, sides.map(({ lo, hi }) => I.between(lo, hi)).reduce(I.hull), NOTHING);
  });
  const last = follow(session, given, parts, (to, others) => session.row(of, to, ...others));
  const forms = session.row(of, node, last.node);
  const isRange = fields.target === '0';
  const bounds = sideOf(isRange ? last.range : last.error);
  const proved = entries.map((at, k): readonly [number, Within] => {
    demand(equal(forms[at % columns], last.symbol), () => `entry ${at} of node ${node} is not the last part`);
    const target = session.expressions.parse(fields.target, session.names, [['t', tokens[k]]]);
    const stated = isRange
      ? target
      : compositeOf(
          session,
          rows[k].map((name) => session.expressions.variable(name)),
          parts,
        );
    demand(samePolynomial(stated, target), () => `the parts do not come to ${brief(fields.target)}`);
    return [at, { target, ...bounds }];
  });
  return { kind: 'within', domain, node, entries: new Map(proved) };
};
