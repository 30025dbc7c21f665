import { InputError, type Place, quote } from '../errors.js';
import { didYouMean } from '../nearest.js';

/**
 * What a file or a command line said before anyone decided what it means: texts, lists and maps, each with its place.
 * Numbers stay texts, so that they can be read exactly.
 */
export type Raw =
  | { readonly kind: 'text'; readonly text: string; readonly place: Place }
  | { readonly kind: 'list'; readonly items: readonly Raw[]; readonly place: Place }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Raw>; readonly place: Place };

/** The text of `raw`, or an InputError that says what stands there instead. */
export function asText(raw: Raw, allowed: string): string {
  if (raw.kind === 'text') return raw.text;
  throw new InputError({ ...raw.place, found: `a ${raw.kind}`, allowed });
}

export function asList(raw: Raw, allowed: string): readonly Raw[] {
  if (raw.kind === 'list') return raw.items;
  throw new InputError({ ...raw.place, found: showRaw(raw), allowed });
}

export function asMap(raw: Raw, allowed: string): ReadonlyMap<string, Raw> {
  if (raw.kind === 'map') return raw.entries;
  throw new InputError({ ...raw.place, found: showRaw(raw), allowed });
}

/** Throws InputError for the first field that is none of `fields`. */
export function checkFields(entries: ReadonlyMap<string, Raw>, fields: readonly string[]): void {
  for (const [name, { place }] of entries) {
    if (fields.includes(name)) continue;
    const found = `unknown field ${quote(name)}`;
    throw new InputError({ ...place, found, allowed: fields.join(', '), ...didYouMean(name, fields) });
  }
}

function showRaw(raw: Raw): string {
  return raw.kind === 'text' ? quote(raw.text) : `a ${raw.kind}`;
}
