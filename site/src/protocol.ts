import type { FileMap } from './files.js';

/** What the page asks of its worker. Every task is answered by any number of `progress` and one `done` or `failed`. */
export type Task =
  | { readonly kind: 'theorems' }
  | {
      readonly kind: 'verify';
      readonly theorem: string;
      readonly params: Readonly<Record<string, string>>;
      readonly runs: boolean;
    }
  | { readonly kind: 'model'; readonly file: string; readonly files: FileMap }
  | {
      readonly kind: 'prove';
      readonly models: readonly string[];
      readonly files: FileMap;
      readonly statement: string;
      readonly seconds: number;
    }
  | { readonly kind: 'check'; readonly certificate: Blob; readonly network: Blob };

/** A parameter of a theorem, for a form. */
export interface ParameterRow {
  readonly name: string;
  readonly meaning: string;
  readonly fallback: string | null;
}

export interface TheoremRow {
  readonly id: string;
  readonly summary: string;
  readonly statement: string;
  readonly source: string;
  readonly parameters: readonly ParameterRow[];
  /** Parameters of the library's own instances that need no data file, to begin with. */
  readonly examples: readonly { readonly name: string; readonly params: Readonly<Record<string, string>> }[];
}

/** A verified result: its document as JSON text, and the page's body. */
export interface Shown {
  readonly json: string;
  readonly html: string;
  readonly verdict: string;
}

export interface ModelRow {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly parameters: number;
  /** A statement to begin with. */
  readonly example: string;
}

export interface CheckedRow {
  readonly verdict: string;
  readonly sha256: string;
  readonly reason: string | null;
  readonly claims: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly statement: string | null;
    readonly reason: string | null;
  }[];
  readonly unchecked: readonly { readonly id: string; readonly reason: string }[];
}

export interface Answers {
  theorems: readonly TheoremRow[];
  verify: Shown;
  model: ModelRow;
  prove: Shown;
  check: CheckedRow;
}

export type Reply =
  | { readonly kind: 'progress'; readonly message: string; readonly done?: number; readonly total?: number }
  | { readonly kind: 'done'; readonly answer: Answers[keyof Answers] }
  | { readonly kind: 'failed'; readonly message: string }
  /** A text that the page has and the worker needs: plots or onnxruntime, loaded when first used. */
  | { readonly kind: 'need'; readonly part: string };

/** The answer to `need`. */
export interface Part {
  readonly kind: 'part';
  readonly part: string;
  readonly content: string | null;
}
