/** A place in a text: the sign or word before it and the one that stands there. */
interface Place {
  readonly before: string;
  readonly text: string;
  readonly kind: 'name' | 'number' | 'sign' | 'end';
  /** Whether an operator may follow. */
  readonly isBehindTerm: boolean;
}

/** What people write in other languages, by the word or sign, and how it is said here. */
const WORDS: Readonly<Record<string, string>> = {
  '==': 'write = for equality',
  or: "a statement has no 'or': y <= 1 or y >= 2 is min(y - 1, 2 - y) <= 0",
  if: 'write the condition behind the sets: for all x in [0,1] with x >= 1/2: ...',
  where: "write 'with' before conditions",
  when: "write 'with' before conditions",
};

/** How to say it, where that can be told from what was found. */
export function mendAt({ before, text, kind, isBehindTerm }: Place): string | undefined {
  if (Object.hasOwn(WORDS, text)) return WORDS[text];
  if (before === '*' && text === '*') return 'write ^ for powers';
  if (text === '=' && (before === '<' || before === '>')) return `write ${before}= without a blank`;
  const isFactor = kind === 'name' || kind === 'number' || text === '(';
  return isBehindTerm && isFactor ? 'write * between factors' : undefined;
}

/** Words at the beginning that say something else than `for all`. */
export const BEGINNINGS: Readonly<Record<string, string>> = {
  exists: 'say that it fails at all points: REFUTED shows a point where it holds',
  there: 'say that it fails at all points: REFUTED shows a point where it holds',
  not: 'turn the comparison round: not y <= 1 is y > 1',
};
