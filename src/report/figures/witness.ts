import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { approximate } from '../../numbers/convert.js';
import { looksLikeNumber, parseRational } from '../../numbers/parse.js';

/** Runs of equal tokens are written once: `3 x (1/2, 1)`. */
const RUN = /^(\d+) x \((.*)\)$/;

/**
 * The point of an input that a witness shows, in doubles; null where it shows something else, or too few entries. For
 * pictures only: the exact point stays in the result.
 */
export function pointOf(witness: Readonly<Record<string, unknown>> | null, input: Node<'input'>): number[] | null {
  const found = witness?.[input.attributes.name] ?? witness?.x;
  if (found === undefined || found === null) return null;
  const entries = flat(found);
  return entries.length === sizeOf(sizes(input.shape)) && entries.every(Number.isFinite) ? entries : null;
}

function flat(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(flat);
  const text = String(value);
  const run = RUN.exec(text);
  if (!run) return [looksLikeNumber(text) ? approximate(parseRational(text)) : Number.NaN];
  const token = run[2].split(',').flatMap((entry) => flat(entry.trim()));
  return Array.from({ length: Math.min(Number(run[1]), MOST_TOKENS) }, () => token).flat();
}

const MOST_TOKENS = 100_000;
