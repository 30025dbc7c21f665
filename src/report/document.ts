import { z } from 'zod';
import { InputError } from '../errors.js';
import { parseJson } from '../files/json.js';

/** The documents that `--json` writes, as far as a report shows them; further fields are allowed and left alone. */
const text = z.string();
const end = text.nullable();
const enclosure = z.tuple([end, end]).nullable();
const plain = z.union([text, z.number(), z.boolean(), z.null()]);
const parameter = z.union([plain, z.array(plain), z.array(z.array(plain))]);
const tool = z.object({ name: text, version: text });

const step = z.object({
  id: text,
  rule: text,
  statement: text,
  verdict: text,
  enclosure,
  difference: text.optional(),
  lemma: text.optional(),
  book: z.object({ name: text, coq: text.nullable() }).optional(),
  premises: z.array(text).default([]),
});

/** How a result came about; documents of 0.1.0 lack most of it. */
const circumstances = {
  format: z.literal(1).optional(),
  call: text.optional(),
  bounds: z.record(text, text).default({}),
  overrides: z.array(text).default([]),
  models: z.array(z.object({ name: text.optional(), file: text, sha256: text })).default([]),
  files: z.array(z.object({ file: text, sha256: text })).default([]),
  digits: z.number().optional(),
  node: text.optional(),
  platform: text.optional(),
};

const claim = z.object({
  checked: z.union([z.literal(true), text]).optional(),
  id: text,
  kind: text,
  statement: text,
  tex: text.optional(),
  verdict: text,
  predicted: end,
  enclosure,
  witness: z.record(text, z.unknown()).nullable(),
  steps: z.array(step),
  method: text.nullish(),
  source: text,
  facts: z.array(text).default([]),
  seconds: z.number(),
});

/** What is drawn; `src/report/figures` says what each is. */
const whole = z.number().int().nonnegative();
const cells = z.object({
  name: text,
  shape: z.tuple([whole, whole]),
  rows: whole.max(64),
  columns: whole.max(64),
  values: z.array(z.number()).max(64 * 64),
});
const pair = z.tuple([z.number(), z.number()]);
const sample = z.object({
  x: z.number(),
  difference: z.number(),
  network: z.number().optional(),
  formula: z.number().optional(),
});
const figures = z.object({
  claim: end,
  slices: z.array(z.object({ entry: text, at: z.number(), points: z.array(sample).max(2000) })).max(20),
  field: z
    .object({ entries: z.tuple([text, text]), box: z.tuple([pair, pair]), at: pair.nullable(), cells })
    .nullable(),
  graph: z.array(z.object({ name: text, op: text, shape: text, inputs: z.array(whole), weights: whole })).max(200),
  weights: z.array(cells).max(50),
  attention: z.array(cells).max(50),
  response: z
    .object({ values: z.array(z.number()).max(2000), poles: z.array(z.array(pair).max(5000)).max(200) })
    .nullable(),
});

const layer = z.object({ name: text, shape: text, parameters: z.number(), maxAbsWeight: end });

/** What `verify --json` writes. */
export const RESULT = z.object({
  ...circumstances,
  tool,
  theorem: text.nullable(),
  statement: text.optional(),
  params: z.record(text, parameter),
  seed: z.number(),
  verdict: text,
  claims: z.array(claim),
  hypotheses: z.array(z.object({ id: text, statement: text, verdict: text })).default([]),
  network: z.object({
    sha256: text,
    parameters: z.number(),
    nonzero: z.number(),
    maxAbsWeight: end,
    layers: z.array(layer),
  }),
  notes: z.array(text).default([]),
  statementOfTheorem: text.optional(),
  definitions: text.optional(),
  origin: z.object({ paper: text, theorem: text, trust: text }).optional(),
  figures: figures.optional(),
  seconds: z.number(),
  checkSeconds: z.number().optional(),
});

const value = z.union([enclosure, text, z.number()]);

const size = z.number().nullable();

const rate = z.object({
  quantity: text,
  against: text,
  toward: text.default('infinity'),
  predicted: text,
  log: text.optional(),
  slope: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  verdict: text,
  reason: text.nullish(),
  at: z.record(text, plain).default({}),
  /** Between which values of `against` the slope was fitted; numbers that no double holds are null. */
  used: z.tuple([size, size]).nullish(),
  floor: z.object({ from: size, value: size }).nullish(),
});

const sweep = z.object({
  ...circumstances,
  tool,
  theorem: text,
  seed: z.number(),
  verdict: text.nullable(),
  points: z.array(z.object({ params: z.record(text, text), values: z.record(text, value) })),
  rates: z.array(rate),
});

const audit = z.object({
  ...circumstances,
  tool: tool.optional(),
  seed: z.number().optional(),
  verdict: text,
  instances: z.array(
    z.object({
      file: text,
      expect: text,
      verdict: text,
      asExpected: z.boolean(),
      seconds: z.number(),
      result: RESULT.nullable(),
      message: text.nullable(),
    }),
  ),
});

export type ResultDocument = z.infer<typeof RESULT>;
export type ClaimDocument = z.infer<typeof claim>;
export type StepDocument = z.infer<typeof step>;
export type HeatMapDocument = z.infer<typeof cells>;
export type FiguresDocument = z.infer<typeof figures>;
export type SweepDocument = z.infer<typeof sweep>;
export type AuditDocument = z.infer<typeof audit>;

/** A claim's formula; null where its TeX only repeats the statement as text. */
export function formulaOf({ tex }: Pick<ClaimDocument, 'tex'>): string | null {
  return tex === undefined || /^\\text\{(?:[^\\]|\\[_#%&$])*\}$/.test(tex) ? null : tex;
}

/** What a report can be about, known by the field that the others lack. */
export const KINDS = { claims: RESULT, points: sweep, instances: audit } as const;
/** Entries of a document: every one that does not fit costs memory for what is wrong with it. */
const MOST = { claims: 10_000, points: 1_000_000, instances: 10_000 } as const;

/** A document, and `raw`, all that was read, from which the same page can be made again. */
export type ReportDocument = { readonly raw: unknown } & (
  | { readonly kind: 'claims'; readonly document: ResultDocument }
  | { readonly kind: 'points'; readonly document: SweepDocument }
  | { readonly kind: 'instances'; readonly document: AuditDocument }
);

/** Reads a document of `verify`, `sweep` or `audit`. Throws InputError with the field that does not fit. */
export function readDocument(content: string): ReportDocument {
  const allowed = 'what verify, audit or sweep write with --json';
  const parsed = parseJson(content);
  const kind = (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((field) => Object.hasOwn(Object(parsed), field));
  if (!kind) throw new InputError({ found: 'JSON that holds no result', allowed });
  const list = (parsed as Record<string, unknown>)[kind];
  if (Array.isArray(list) && list.length > MOST[kind])
    throw new InputError({ field: kind, found: `${list.length} entries`, allowed: `at most ${MOST[kind]}` });
  const { success, data, error } = KINDS[kind].safeParse(parsed);
  if (success) return { kind, document: data, raw: parsed } as ReportDocument;
  const [{ path, message }] = error.issues;
  throw new InputError({ field: path.join('.'), found: message, allowed });
}
