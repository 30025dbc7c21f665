import { InputError } from '../../errors.js';
import { Network } from '../../network/network.js';
import { printStatement, rational, type Statement, statementTex } from '../../statement/index.js';
import { judge } from '../judge.js';
import type { Model } from '../question/model.js';
import { proveMargin } from '../rules/sequences/margin.js';
import { marginProblem, marginStatement } from '../rules/sequences/statement.js';
import { sentence } from '../sentence.js';
import { type Proved, type ProveOptions, proved } from './proved.js';

/**
 * Statements about all sequences of a finite domain, argmax(y) = f(s) and margin(y, f(s)) >= c, relation by relation; null
 * for all others. Throws InputError where names do not fit the network.
 */
export function sequenceClaims(
  id: string,
  statement: Statement,
  models: readonly Model[],
): ((options: ProveOptions) => Proved)[] | null {
  const meant = marginStatement(statement);
  if (!meant) return null;
  const [{ network }, ...others] = models;
  if (others.length > 0 || !(network instanceof Network))
    throw new InputError({ found: `${models.length} networks for a statement about sequences`, allowed: 'one' });
  return meant.relations.map((relation, k) => {
    const own = { prefix: meant.prefix, relations: [relation] };
    const written = { prefix: statement.prefix, relations: [statement.relations[k]] };
    marginProblem(network, own);
    return (options) => claimOf(meant.relations.length === 1 ? id : `${id}.${k + 1}`, own, written, network, options);
  });
}

function claimOf(id: string, meant: Statement, written: Statement, network: Network, options: ProveOptions): Proved {
  const start = performance.now();
  const statement = printStatement(written);
  options.progress(`${id}: ${statement.slice(0, 60)}`);
  const claimed = sentence(printStatement(meant));
  const outcomes = proveMargin(network, meant, options);
  const judgement = judge(claimed, network, outcomes);
  const notes = judgement.verdict === 'undecided' ? notesOf(outcomes) : [];
  const proof = { outcomes, method: methodOf(outcomes), notes };
  const [{ sides }] = meant.relations;
  const predicted = sides[1].kind === 'unknown' ? null : rational(sides[1]);
  const shown = { id, statement, tex: statementTex(written), predicted, quantity: 'the least margin' };
  return proved(shown, { claimed, proof, judgement }, start);
}

type Outcomes = ReturnType<typeof proveMargin>;

function methodOf(outcomes: Outcomes): string {
  for (const outcome of outcomes) if (outcome.kind === 'fact') return outcome.found.method;
  return 'dynamic programming over the tokens';
}

function notesOf(outcomes: Outcomes): string[] {
  const open = outcomes.flatMap((outcome) => (outcome.kind === 'open' ? [outcome.difference] : []));
  if (open.length > 0) return open;
  return ['the least margin is too near to the bound for enclosures to tell it from the bound: it may be equal'];
}
