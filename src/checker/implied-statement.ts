import { spend } from './budget.js';
import { type Fact, sameDomain } from './fact.js';
import { demand } from './failure.js';
import { fraction, list, record, sizeOf } from './network.js';
import { samePolynomial } from './polynomial.js';
import type { Session } from './session.js';

const APPROXIMATION = ['kind', 'output', 'domain', 'target', 'lo', 'hi'];

/** The statement that a conclusion of a certificate makes, in words, if one of the facts implies it; otherwise null. */
export function statementOf(session: Session, facts: readonly Fact[], conclusion: unknown): string | null {
  const stated = textOf(conclusion);
  for (const { content } of facts) {
    if (content.kind === 'closed' && textOf(content.conclusion) === stated) return content.statement;
  }
  const kind = (conclusion as { kind?: unknown } | null)?.kind;
  if (kind === 'all') {
    const parts = list(record(conclusion, 'the conclusion', ['kind', 'of']).of, 'the conclusions');
    demand(parts.length > 0, 'there is no conclusion');
    const statements = parts.map((part) => statementOf(session, facts, part));
    return statements.every((text) => text !== null) ? statements.join(' and ') : null;
  }
  if (kind !== 'approximation') return null;
  const fields = record(conclusion, 'the conclusion', APPROXIMATION);
  const [domain, node] = [session.domain(fields.domain), session.output(fields.output)];
  if (sizeOf(session.network.nodes[node].shape) !== 1) return null;
  const target = session.expressions.parse(fields.target, session.names);
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  const targets = facts.flatMap(({ content }) => {
    if (content.kind !== 'within' || content.node !== node || !sameDomain(domain, content.domain)) return [];
    const bound = content.entries.get(0);
    return bound && lo.le(bound.lo) && bound.hi.le(hi) ? [bound.target] : [];
  });
  const isImplied = targets.some((found) => session.expressions.same(found, target));
  if (!isImplied && !targets.some((found) => samePolynomial(found, target))) return null;
  const difference = `${fields.output} - (${fields.target})`;
  const bounds = lo.neg().equals(hi) ? `|${difference}| <= ${hi}` : `${lo} <= ${difference} <= ${hi}`;
  return `for all ${session.describeDomain(domain)}: ${bounds}`;
}

function textOf(conclusion: unknown): string {
  const text = JSON.stringify(conclusion) ?? '';
  spend(text.length);
  return text;
}
