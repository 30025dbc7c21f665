import { InputError, quote } from '../errors.js';
import { asMap, asText, checkFields, type Raw } from '../instance/raw.js';
import type { Theorem, Trust } from '../proof/theorem.js';

const TRUST: readonly Trust[] = ['proved', 'paper', 'recalled'];

/** Where a theorem is from, and how far that is to be trusted: a text, or {paper, theorem, trust}. Throws InputError. */
export function readSource(raw: Raw | undefined): Theorem['source'] {
  if (!raw) return { paper: 'no source given', theorem: 'none', trust: 'recalled' };
  if (raw.kind === 'text') return { paper: raw.text, theorem: 'as cited', trust: 'paper' };
  const fields = asMap(raw, '{paper: ..., theorem: ..., trust: paper}');
  const field = (name: string) => optionalText(fields.get(name));
  checkFields(fields, ['paper', 'theorem', 'trust']);
  const trust = TRUST.find((word) => word === (field('trust') ?? 'paper'));
  if (!trust)
    throw new InputError({ ...fields.get('trust')!.place, found: quote(field('trust')!), allowed: TRUST.join(', ') });
  return { paper: field('paper') ?? 'none', theorem: field('theorem') ?? 'as cited', trust };
}

export function optionalText(raw: Raw | undefined): string | undefined {
  return raw && asText(raw, 'a text').trim();
}
