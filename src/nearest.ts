import { quote } from './errors.js';

/** Words of more letters are compared as they begin. */
const LONGEST = 80;

/**
 * How to mend a misspelt word: the known one that is nearest to it, when a third of its letters at most must be put in,
 * left out, changed or swapped with their neighbour. Nothing where none is near.
 */
export function didYouMean(word: string, known: Iterable<string>): { readonly mend?: string } {
  let [best, least] = ['', Math.floor(word.length / 3)];
  for (const candidate of known) {
    const distance = typos(word.slice(0, LONGEST).toLowerCase(), candidate.slice(0, LONGEST).toLowerCase());
    if (distance < least || (distance === least && best === '')) [best, least] = [candidate, distance];
  }
  return best === '' ? {} : { mend: `did you mean ${quote(best)}?` };
}

/** The restricted Damerau-Levenshtein distance (R. Lowrance and R. A. Wagner, 1975). */
function typos(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      rows[i].push(
        Math.min(
          rows[i - 1][j] + 1,
          rows[i][j - 1] + 1,
          rows[i - 1][j - 1] + (same ? 0 : 1),
          swapped ? rows[i - 2][j - 2] + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
  }
  return rows[a.length][b.length];
}
