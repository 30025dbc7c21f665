import { placed } from '../errors.js';
import { Rational } from '../numbers/rational.js';
import { prove } from '../proof/prove/prove.js';
import { asText, type Raw } from '../proof/raw.js';
import type { Claim, Finding } from '../proof/theorem.js';
import { number, parseStatement, type Statement } from '../statement/index.js';
import { byStatement } from './by-statement.js';
import { instantiate, withBound } from './instantiate.js';
import type { Environment } from './network.js';

/** A claim as it stands in a theorem file. */
export interface ClaimText {
  readonly id: string;
  readonly raw: Raw;
}

/** How close the ends of a bound come that is asked for by `?`. */
const WIDTH = Rational.of(1, 10 ** 6);

/**
 * The claim that a statement makes: proved as `exhibit prove` proves it of a network that was read from a file. Throws
 * InputError for a statement that does not parse, when it calls no parameters (`hasCalls`); otherwise that shows later.
 */
export function claimOf({ id, raw }: ClaimText, hasCalls: boolean): Claim<never, Environment> {
  const text = asText(raw, 'a statement');
  if (!hasCalls) placed(raw.place, () => parseStatement(text));
  return byStatement({
    id,
    kind: /^\s*for\s*all\b/.test(text) ? 'bound' : 'quantity',
    statement: text,
    tex: '',
    trust: 'proved',
    prove: ({ design, network, stated, deadline, progress }) => {
      const statement = placed(raw.place, (): Statement => {
        const own = instantiate(text, design);
        return stated ? withBound(own, number(stated)) : own;
      });
      const model = { name: null, file: 'the network', sha256: '', network };
      const options = { width: WIDTH, deadline, progress };
      const { claims } = placed(raw.place, () => prove([model], new Map([[id, statement]]), options));
      return claims.map((found): Finding => {
        const { verdict, predicted, enclosure, witness, method, facts } = found;
        const suffix = found.id === id ? undefined : found.id.slice(id.length + 1);
        return { suffix, statement: found.statement, verdict, predicted, enclosure, witness, steps: [], method, facts };
      });
    },
  });
}
