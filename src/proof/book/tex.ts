import { type Relation as Chain, relationTex as chainTex } from '../../statement/index.js';
import type { Lemma, Relation } from './read.js';

/** What a lemma concludes, in TeX. */
export function conclusionTex({ conclusions }: Lemma): string {
  return conclusions.map(relationTex).join(',\\quad ');
}

/** A relation in TeX, with what it holds for. */
export function relationTex({ sides, signs, index, over }: Relation): string {
  const chain = chainTex({ sides, comparisons: signs as Chain['comparisons'] });
  return index === null ? chain : `${chain} \\quad (${index} \\in ${over.join(' \\cup ')})`;
}
