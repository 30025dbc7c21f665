import type { Place } from '../errors.js';
import type { Raw } from '../instance/raw.js';

/** A parameter's value without its place: what crosses threads and machines. */
export type Plain = string | readonly Plain[] | { readonly [name: string]: Plain };

export function plainOf(raw: Raw): Plain {
  if (raw.kind === 'text') return raw.text;
  if (raw.kind === 'list') return raw.items.map(plainOf);
  return Object.fromEntries([...raw.entries].map(([name, entry]) => [name, plainOf(entry)]));
}

export function rawOf(plain: Plain, place: Place): Raw {
  if (typeof plain === 'string') return { kind: 'text', text: plain, place };
  if (Array.isArray(plain)) return { kind: 'list', items: plain.map((item) => rawOf(item, place)), place };
  const entries = Object.entries(plain as { readonly [name: string]: Plain });
  return { kind: 'map', entries: new Map(entries.map(([name, entry]) => [name, rawOf(entry, place)])), place };
}
