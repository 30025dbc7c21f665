/** Letters of other alphabets that are drawn like Latin ones, and those. */
const OTHERS = 'аеорсхуіјѕԁһԛԝѵАВСЕНІЈКМОРЅТХУοαρνυικχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ';
const LATIN = 'aeopcxyijsdhqwvABCEHIJKMOPSTXYoapvuikxABEZHIKMNOPTYX';
const DRAWN = new Map([...OTHERS].map((letter, k) => [letter, LATIN[k]]));

/** What a name looks like: two names with one look are told apart by no reader, `x` and the Cyrillic `х`. */
export function lookOf(name: string): string {
  return [...name.normalize('NFKC')].map((letter) => DRAWN.get(letter) ?? letter).join('');
}
