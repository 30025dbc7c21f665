/**
 * Letters of names that stand without quotes: of other alphabets many are drawn like these, and some lines would be read from
 * the right. The Greek ones that are drawn like Latin ones are told from them by their looks.
 */
export const LETTER =
  'A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u00ff\\u0391-\\u03a9\\u03b1-\\u03c9\\u03d1\\u03d5\\u03f5_';

/** Letters of other alphabets that are drawn like Latin ones, and those. */
const OTHERS = 'аеорсхуіјѕԁһԛԝѵАВСЕНІЈКМОРЅТХУοαρνυικχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ';
const LATIN = 'aeopcxyijsdhqwvABCEHIJKMOPSTXYoapvuikxABEZHIKMNOPTYX';
const DRAWN = new Map([...OTHERS].map((letter, k) => [letter, LATIN[k]]));

/** What a name looks like: two names with one look are told apart by no reader, `x` and the Cyrillic `х`. */
function lookOf(name: string): string {
  return [...name.normalize('NFKC')].map((letter) => DRAWN.get(letter) ?? letter).join('');
}

/** Names that stand in one place, by what they look like. */
export class Looks {
  private readonly known = new Map<string, string>();

  constructor(names: Iterable<string> = []) {
    for (const name of names) this.other(name);
  }

  /** Takes the name up, or returns another one that looks the same. */
  other(name: string): string | undefined {
    const look = lookOf(name);
    const first = this.known.get(look) ?? name;
    this.known.set(look, first);
    return first === name ? undefined : first;
  }
}
