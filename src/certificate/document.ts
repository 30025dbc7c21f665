import { tool } from '../version.js';
import { sharing } from './shared.js';

/** First field of every certificate; the second one where a lemma of the book is applied. */
const FORMATS = { plain: 'exhibit-certificate-1', withBook: 'exhibit-certificate-2' } as const;

/** Rules that apply lemmas of the book. */
const BOOK: ReadonlySet<unknown> = new Set(['lemma', 'stated-lemma', 'row-means', 'second-largest']);

/** A step as it stands in a certificate. */
export interface WrittenStep {
  readonly id: string;
  readonly rule: string;
  /** For the reader. */
  readonly statement?: string;
  readonly premises: readonly string[];
  readonly data: unknown;
}

export interface WrittenClaim {
  readonly id: string;
  readonly statement?: unknown;
  readonly conclusion: unknown;
  readonly steps: readonly WrittenStep[];
}

/** The text of a certificate, one line per step; `origin` is where it comes from, for the reader. */
export function* certificateText(
  origin: object,
  network: { readonly file: string; readonly sha256?: unknown },
  claims: readonly WrittenClaim[],
  unchecked: unknown,
): Generator<string> {
  const usesBook = claims.some(({ steps }) => steps.some(({ rule }) => BOOK.has(rule)));
  const head = { format: usesBook ? FORMATS.withBook : FORMATS.plain, tool: tool(), ...origin, network };
  yield `${JSON.stringify(head).slice(0, -1)},"claims":[`;
  const stated = claims.map(({ steps, ...claim }) => ({ claim, steps }));
  const { values, text } = sharing(stated.flatMap(({ claim, steps }) => [claim, ...steps]));
  for (const [k, { claim, steps }] of stated.entries()) {
    yield `${k === 0 ? '' : ','}\n${text(claim).slice(0, -1)},"steps":[`;
    for (const [n, step] of steps.entries()) yield `${n === 0 ? '' : ','}\n${text(step)}`;
    yield '\n]}';
  }
  const shared = values.length === 0 ? '' : `,\n"shared":[\n${values.join(',\n')}\n]`;
  yield `\n],"unchecked":${JSON.stringify(unchecked)}${shared}}\n`;
}
