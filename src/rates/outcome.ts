import { z } from 'zod';
import { LONGEST_TEXT, looksLikeNumber, parseRational } from '../numbers/parse.js';
import { overall } from '../proof/verdict.js';
import type { Answer } from './compute.js';
import type { Job } from './point.js';
import type { Outcome } from './quantity.js';
import type { Serialised } from './serialised.js';

/**
 * What an outcome looks like, wherever it comes from: other clients of a queue and other hands in a results folder may
 * write anything. A value that passes is well formed; whether it is true, only computing it again says.
 */
const decimal = z.string().max(LONGEST_TEXT).refine(isNumber, 'no number');
const count = z.string().regex(/^\d{1,20}$/);
const enclosure = z
  .tuple([decimal.nullable(), decimal.nullable()])
  .refine(
    ([lo, hi]) => lo === null || hi === null || parseRational(lo).le(parseRational(hi)),
    'ends that have crossed',
  );

const claim = z.strictObject({
  verdict: z.enum(['proved', 'refuted', 'undecided', 'observed']),
  predicted: decimal.nullable(),
  enclosure: enclosure.nullable(),
});

const outcome = z
  .strictObject({
    verdict: z.enum(['proved', 'refuted', 'undecided']),
    claims: z.record(z.string(), claim),
    network: z.strictObject({
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      parameters: count,
      nonzero: count,
      maxAbsWeight: decimal,
      depth: count,
      width: count,
    }),
  })
  .refine(
    ({ verdict, claims }) => verdict === overall(Object.values(claims).map((each) => each.verdict)),
    'a verdict that is not that of the claims',
  );

const text = z.string().max(2 ** 16);
const fault = z.strictObject({
  found: text,
  allowed: text.optional(),
  mend: text.optional(),
  file: text.optional(),
  line: z.number().int().optional(),
  field: text.optional(),
});

const answer = z.union([z.strictObject({ outcome }), z.strictObject({ fault })]);

const serialised: z.ZodType<Serialised> = z.lazy(() =>
  z.union([z.string(), z.array(serialised), z.record(z.string(), serialised)]),
);

const job = z.object({
  key: z.string().regex(/^[0-9a-f]{64}$/),
  theorem: z.string(),
  params: z.record(z.string(), serialised),
  seed: z.number().int(),
  digits: z.number().int().min(1).max(1000),
  file: z.string().optional(),
});

/** The job that a value is; null for anything else. */
export function readJob(value: unknown): Job | null {
  return job.safeParse(value).data ?? null;
}

/** The outcome that a value is; null for anything else. */
export function readOutcome(value: unknown): Outcome | null {
  return outcome.safeParse(value).data ?? null;
}

/** The answer that a value is; null for anything else. */
export function readAnswer(value: unknown): Answer | null {
  return answer.safeParse(value).data ?? null;
}

function isNumber(value: string): boolean {
  if (!looksLikeNumber(value)) return false;
  try {
    return parseRational(value) !== undefined;
  } catch {
    return false;
  }
}
