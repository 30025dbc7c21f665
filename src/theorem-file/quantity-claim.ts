import { InputError, type Place, placed, quote } from '../errors.js';
import { didYouMean } from '../nearest.js';
import type { SpecialBounds } from '../proof/sentence.js';
import type { Audit, Limit, ProvedClaim } from '../proof/theorem.js';
import * as E from '../symbolic/index.js';
import { evaluate } from './evaluate.js';
import { argumentsAt } from './expand.js';
import { Graph } from './graph.js';
import { ABSENT, type Environment } from './network.js';
import { parseTensor } from './parse.js';
import { QUANTITIES } from './quantities.js';
import type { Argument } from './quantity.js';
import { scalarValue, type Value } from './value.js';

type Context = Audit<never, Environment>;
type QuantityClaim = Omit<ProvedClaim<never, Environment>, 'id'>;

/** What stands in front of the first bracket of a text. */
const NAME = /^\s*([A-Za-z]\w*)\(/;
const BOUND = /^(<=|>=|=)\s*(.+)$/s;

/** The claim about a quantity of `QUANTITIES`; null for a text that begins with none. Throws InputError where it does not parse. */
export function quantityClaim(text: string, place: Place): QuantityClaim | null {
  const [, name = ''] = NAME.exec(text) ?? [];
  if (!Object.hasOwn(QUANTITIES, name)) return null;
  const { signature, arity, isProperty = false, says, prove } = QUANTITIES[name];
  const { args, end } = placed(place, () => argumentsAt(text, text.indexOf('(')));
  if (args.length < arity[0] || args.length > arity[1])
    throw new InputError({ ...place, found: `${name} with ${args.length} arguments`, allowed: signature });
  const rest = text.slice(end).trim();
  const [, sign, bound] = BOUND.exec(rest) ?? [];
  if (isProperty ? rest !== '' : bound === undefined) {
    const allowed = isProperty ? `${signature} alone` : `${signature} and <=, >= or = with a number or ?`;
    throw new InputError({ ...place, found: quote(text), allowed });
  }
  const given = ({ design, network }: Context): Argument[] => args.map((arg) => argumentOf(arg, design, network));
  const limit = ({ design }: Context): Limit | null => {
    if (bound === '?') return null;
    const { lo, hi } = E.valueBounds(scalarValue(valued(bound, design), 'a bound'), new Map());
    return { lower: lo, upper: hi };
  };
  return {
    kind: isProperty ? 'identity' : bound === '?' ? 'quantity' : sign === '>=' ? 'barrier' : 'bound',
    statement: text,
    ...(!isProperty && { limit: (context: Context) => placed(place, () => limit(context)) }),
    says: (context, most) =>
      placed(place, () => says(given(context), isProperty ? {} : ends(sign, most, context.stated))),
    prove: (context) => placed(place, () => prove(context.network, given(context))),
  };
}

/** Runs `read` for a text that begins with no quantity; where that fails and the text nearly begins with one, the message names it. */
export function unlessMisspelt<T>(text: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const [, name] = NAME.exec(text) ?? [];
    if (!(error instanceof InputError) || error.fault.mend || !name) throw error;
    throw new InputError({ ...error.fault, ...didYouMean(name, Object.keys(QUANTITIES)) });
  }
}

/** What is said with a bound; a stated one of `=` is an upper bound. */
function ends(sign: string, bound: Context['stated'] | null, stated: Context['stated']): SpecialBounds {
  if (!bound) return { asked: true };
  if (sign === '=' && !stated) return { lo: bound, hi: bound };
  return sign === '>=' ? { lo: bound } : { hi: bound };
}

function argumentOf(text: string, environment: Environment, network: Context['network']): Argument {
  if (network.outputs.some(({ name }) => name === text)) return { output: text };
  const isName = /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(text);
  const value = isName ? environment.get(text) : undefined;
  if (value === ABSENT) return undefined;
  if (isName && !value) {
    const allowed = [...network.outputs.map(({ name }) => name), ...environment.keys()].join(', ');
    throw new InputError({ found: `no output and no parameter ${quote(text)}`, allowed });
  }
  return value?.kind === 'function' ? value : valued(text, environment);
}

function valued(text: string, names: Environment): Value {
  return evaluate(parseTensor(text), { graph: new Graph(), names, text });
}
