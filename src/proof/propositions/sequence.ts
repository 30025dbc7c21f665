export type AboutSequences = AutomatonStates | Continuation | GeneratedText | PointerPower | SequenceMargin | TokenHops;

/** For all maps p, whose matrix is the input, the output is the matrix of p applied so often. */
interface PointerPower {
  readonly kind: 'pointer-composition';
  readonly output: string;
  readonly power: number;
}

/** For all texts the rows of the output are the letters so many hops away, each behind the latest earlier occurrence. */
interface TokenHops {
  readonly kind: 'token-hops';
  readonly output: string;
  readonly power: number;
}

/**
 * For all sequences behind the start token the rows of the output are the unit vectors of the states of an automaton; the
 * table has a row of next states, from 0, for each letter, the start token's first.
 */
interface AutomatonStates {
  readonly kind: 'map-composition';
  readonly output: string;
  readonly table: readonly (readonly number[])[];
  readonly start: number;
}

/**
 * For all sequences whose last symbol occurs before, given as a row of zeros and their unit vectors: the output at the symbol
 * that follows the latest earlier occurrence of the last one exceeds the others by at least `margin`. Or: for all whose last
 * symbol does not occur before, no score exceeds `absent` in absolute value.
 */
type Continuation = { readonly kind: 'continuation'; readonly output: string } & (
  | { readonly margin: string }
  | { readonly absent: string }
);

/**
 * For all prompts: taking the token with the largest entry of the output each time, whatever stands behind, the prompt is continued
 * by the text. Entry 1 of a row scores the token `first`.
 */
interface GeneratedText {
  readonly kind: 'generation';
  readonly variable: string;
  readonly prompts: string;
  readonly text: readonly (readonly [places: string, token: string])[];
  readonly output: string;
  readonly first: number;
}

/**
 * For all sequences that satisfy the conditions, the entry `place` of a row of the output, a function of the sequence that counts from 1,
 * exceeds all others by at least `least`, or by more (`strict`); or `at` one of them it does not.
 */
export interface SequenceMargin {
  readonly kind: 'sequence-margin';
  readonly variable: string;
  readonly sequences: string;
  readonly conditions: readonly (readonly [left: string, comparison: string, right: string])[];
  readonly output: string;
  readonly indices: readonly number[];
  readonly place: string;
  readonly least: string;
  readonly strict: boolean;
  readonly at?: readonly string[];
}
