import { InputError, quote } from '../errors.js';
import { asMap, asText, checkFields, type Raw } from '../instance/raw.js';
import { didYouMean } from '../nearest.js';
import type { Rate } from '../proof/theorem.js';

const FIELDS = ['quantity', 'against', 'toward', 'exponent', 'log', 'formula', 'constants'];
const NEEDED = ['quantity', 'against', 'exponent'];

/**
 * The predicted orders of a theorem file: one map such as {quantity: error, against: N, exponent: -2}, or a list of them.
 * A quantity is a claim, CLAIM.predicted or a count of the network.
 */
export function readRates(raw: Raw | undefined, claims: readonly string[]): readonly Rate<unknown>[] {
  if (!raw) return [];
  const quantities = claims.flatMap((id) => [id, `${id}.predicted`]);
  return (raw.kind === 'list' ? raw.items : [raw]).map((each) => readRate(each, quantities));
}

function readRate(raw: Raw, quantities: readonly string[]): Rate<unknown> {
  const fields = asMap(raw, '{quantity: error, against: N, exponent: -2}');
  checkFields(fields, FIELDS);
  const missing = NEEDED.find((name) => !fields.has(name));
  if (missing) throw new InputError({ ...raw.place, found: `a rate without ${missing}`, allowed: FIELDS.join(', ') });
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    return value && asText(value, 'an expression');
  };
  const quantity = text('quantity')!;
  if (!quantities.includes(quantity) && !quantity.startsWith('network.')) {
    const allowed = `a claim or CLAIM.predicted (${quantities.join(', ')}), or network.COUNT`;
    const mend = didYouMean(quantity, quantities);
    throw new InputError({ ...fields.get('quantity')!.place, found: `no claim ${quote(quantity)}`, allowed, ...mend });
  }
  const toward = text('toward') ?? 'infinity';
  if (toward !== 'infinity' && toward !== 'zero')
    throw new InputError({ ...fields.get('toward')!.place, found: quote(toward), allowed: 'infinity, zero' });
  const [formula, constants] = [text('formula'), fields.get('constants')];
  return {
    quantity,
    against: text('against')!,
    toward,
    exponent: text('exponent')!,
    log: text('log'),
    ...(formula !== undefined && { formula: () => formula }),
    constants: constants?.kind === 'list' ? constants.items.map((item) => asText(item, 'a name')) : undefined,
  };
}
