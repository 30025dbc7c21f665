import { InputError, placed, quote } from '../../../errors.js';
import type { Located } from '../../../instance/parameters.js';

/** What a head does: the token with the largest score, the mean of all, or the token `by` places away. */
export type Head =
  | { readonly mode: 'argmax' }
  | { readonly mode: 'average' }
  | { readonly mode: 'select'; readonly by: number };

const ALLOWED =
  'heads of a layer, separated by commas: argmax, average or select K, each with a count such as "4 x argmax"';
const MOST_HEADS = 64;

/** Reads one layer per text: `2 x argmax, select -1`. */
export function readArchitecture(texts: readonly Located[]): Head[][] {
  return texts.map(({ text, place }) =>
    placed(place, () => {
      const heads = text.split(',').flatMap((part) => readHeads(part.trim(), text));
      if (heads.length > MOST_HEADS)
        throw new InputError({ found: `${heads.length} heads`, allowed: `at most ${MOST_HEADS}` });
      return heads;
    }),
  );
}

function readHeads(part: string, text: string): Head[] {
  const match = /^(?:(\d{1,3})\s*x\s*)?(argmax|average|select\s+([+-]?\d{1,4}))$/.exec(part);
  const by = match?.[3] === undefined ? 0 : Number(match[3]);
  if (!match || (match[3] !== undefined && by === 0)) throw new InputError({ found: quote(text), allowed: ALLOWED });
  const head: Head = match[3] !== undefined ? { mode: 'select', by } : { mode: match[2] as 'argmax' | 'average' };
  return Array.from({ length: Number(match[1] ?? 1) }, () => head);
}
