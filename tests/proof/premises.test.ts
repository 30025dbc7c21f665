import { describe, expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { resolveInstance } from '../../src/library/instance.js';
import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { Fact, mint, type Shown } from '../../src/proof/fact.js';
import { judge } from '../../src/proof/judge.js';
import type { Theorem } from '../../src/proof/theorem.js';
import { SMALL } from '../generators/certificates.js';
import { rebuilt } from '../generators/rebuild.js';

/** Every fact that an audit comes to, those that others rest on included. */
async function factsOf(argument: string, params: readonly string[]): Promise<Fact[]> {
  const { theorem, instance } = await resolveInstance(argument, { param: params });
  const found = new Set<Fact>();
  const add = (fact: Fact): void => {
    fact.premises.forEach(add);
    found.add(fact);
  };
  const watched = (claim: Theorem['claims'][number]) =>
    'says' in claim
      ? {
          ...claim,
          prove: async (audit: never) => {
            const proof = await claim.prove(audit);
            for (const outcome of proof.outcomes) if (outcome.kind === 'fact') add(outcome);
            return proof;
          },
        }
      : claim;
  const claims = theorem.claims.map(watched) as Theorem['claims'];
  await verify({ ...theorem, claims }, instance, { seed: 0, digits: 17, execution: [], progress: () => {} });
  return [...found];
}

/** What the fact was made of, as far as premises have to agree with it. */
function shownOf({ rule, id, network, domain, at, text, enclosure, found, premises }: Fact): Shown<unknown> {
  return { rule, id, network, domain, says: text, enclosure, found, premises, ...(at && { at }) };
}

const twin = (network: Network | null) => network && rebuilt(network, (node) => node);

/** The domain with its last number halved, so that it is another one, narrower or wider. */
function otherDomain(domain: string): string {
  const changed = domain.replace(
    /(-?[\d/]+)([\])][^\])]*)$/,
    (_, end, rest) => `${Number.parseInt(end, 10) / 2 + 7}${rest}`,
  );
  return changed === domain ? `${domain} with x[1] in [0, 1/2]` : changed;
}

/** The same fact about another network, on another domain, at one input, or not made by a rule. */
function changedPremise(premise: Fact): [what: string, changed: Fact][] {
  const shown = { ...shownOf(premise), premises: [] };
  const domain = premise.domain === null ? 'x in [0, 1/2]' : otherDomain(premise.domain);
  const changes: [string, Fact][] = [
    ['at one input', mint({ ...shown, at: { x: '1' } })],
    ['on another domain', mint({ ...shown, domain })],
    ['copied', { ...premise } as Fact],
    ['with the prototype of a fact', Object.assign(Object.create(Fact.prototype), { premises: [] })],
    ['left empty', undefined as never],
  ];
  if (premise.network)
    changes.push(['about another network', mint({ ...shown, network: twin(premise.network as Network) })]);
  return changes;
}

function mutants(fact: Fact): [what: string, shown: Shown<unknown>][] {
  const shown = shownOf(fact);
  const all: [string, Shown<unknown>][] = fact.premises.flatMap((premise, k) =>
    changedPremise(premise).map(([what, changed]): [string, Shown<unknown>] => [
      `premise ${k} ${what}`,
      { ...shown, premises: fact.premises.with(k, changed) },
    ]),
  );
  if (fact.premises.some(({ network }) => network))
    all.push(
      ['about another network', { ...shown, network: twin(fact.network as Network | null) }],
      ['about none', { ...shown, network: null }],
    );
  if (fact.premises.some(({ domain }) => domain !== null)) {
    all.push(
      ['on another domain', { ...shown, domain: otherDomain(fact.domain!) }],
      ['everywhere', { ...shown, domain: null }],
    );
  }
  const { lo, hi } = fact.enclosure ?? {};
  if (lo && hi) all.push(['with crossed ends', { ...shown, enclosure: { lo: hi.add(Rational.pow2(-300)), hi: lo } }]);
  return all;
}

describe('facts of audits', () => {
  const total = { facts: 0, mutants: 0 };

  it.each(SMALL)(
    'of %s %s cannot be made of changed premises, and say nothing of another network',
    async (...small) => {
      for (const fact of await factsOf(...small)) {
        expect(() => mint(shownOf(fact))).not.toThrow();
        total.facts += 1;
        for (const [what, shown] of mutants(fact)) {
          expect(() => mint(shown), `${fact.id}: ${what}`).toThrow(
            /is about another network|holds for|at one input|no fact|is empty/,
          );
          total.mutants += 1;
        }
        const { sentence, network } = fact;
        if (!sentence || !network) continue;
        const { verdict, enclosure } = judge(sentence, twin(network as Network)!, [fact]);
        expect([verdict, enclosure]).toEqual(['undecided', null]);
      }
    },
  );

  it('are enough to tell', () => {
    console.log(`mutants of premises: ${total.mutants} of ${total.facts} facts, all refused`);
    expect(total.mutants).toBeGreaterThan(200);
  });
});
