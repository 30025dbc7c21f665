import type { Place } from '../errors.js';
import type { Raw } from '../instance/raw.js';

/** A parameter's value without its place: what crosses threads and machines. */
export type Serialised = string | readonly Serialised[] | { readonly [name: string]: Serialised };

export function serialise(raw: Raw): Serialised {
  if (raw.kind === 'text') return raw.text;
  if (raw.kind === 'list') return raw.items.map(serialise);
  return Object.fromEntries([...raw.entries].map(([name, entry]) => [name, serialise(entry)]));
}

export function deserialise(value: Serialised, place: Place): Raw {
  if (typeof value === 'string') return { kind: 'text', text: value, place };
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => deserialise(item, place)), place };
  const entries = Object.entries(value as { readonly [name: string]: Serialised });
  return { kind: 'map', entries: new Map(entries.map(([name, entry]) => [name, deserialise(entry, place)])), place };
}
