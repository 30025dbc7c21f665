import type { Lemma, Relation } from './read.js';
import type { Family, Fn, Term } from './term.js';

const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  ['alpha', 'beta', 'gamma', 'delta', 'lambda', 'mu', 'psi', 'rho'].map((name) => [name, `\\${name}`]),
);

const FUNCTIONS: Readonly<Record<Fn, (args: readonly string[]) => string>> = {
  exp: ([u]) => `e^{${u}}`,
  log: ([u]) => `\\ln(${u})`,
  tanh: ([u]) => `\\tanh(${u})`,
  sqrt: ([u]) => `\\sqrt{${u}}`,
  abs: ([u]) => `|${u}|`,
  min: (args) => `\\min(${args.join(', ')})`,
  max: (args) => `\\max(${args.join(', ')})`,
};

/** What a lemma concludes, in TeX. */
export function conclusionTex({ conclusions }: Lemma): string {
  return conclusions.map(relationTex).join(',\\quad ');
}

/** A relation in TeX, with what it holds for. */
export function relationTex({ sides, signs, index, over }: Relation): string {
  const terms = sides.map((side) => termTex(side));
  const chain = terms.map((term, k) => (k === 0 ? term : `${SIGNS[signs[k - 1]] ?? signs[k - 1]} ${term}`)).join(' ');
  return index === null ? chain : `${chain} \\quad (${index} \\in ${setTex(over)})`;
}

const SIGNS: Readonly<Record<string, string>> = { '<=': '\\le', '>=': '\\ge' };

function setTex(over: readonly string[]): string {
  return over.join(' \\cup ');
}

function nameTex(name: string): string {
  return NAMES[name] ?? (name.length === 1 ? name : `\\mathit{${name}}`);
}

export function termTex(term: Term): string {
  const family = ({ index, over }: Family) => `{${index} \\in ${setTex(over)}}`;
  switch (term.kind) {
    case 'number':
      return `${term.value}`;
    case 'name':
      return term.index === null ? nameTex(term.name) : `${nameTex(term.name)}_{${term.index}}`;
    case 'size':
      return `|${term.set}|`;
    case 'sum':
      return term.terms
        .map(({ negative, term: part }, k) => {
          const sign = negative ? (k === 0 ? '-' : ' - ') : k === 0 ? '' : ' + ';
          return `${sign}${part.kind === 'sum' ? parenthesised(part) : termTex(part)}`;
        })
        .join('');
    case 'product': {
      const [above, below] = [false, true].map((isBelow) =>
        term.factors.filter(({ inverted }) => inverted === isBelow),
      );
      const chain = (factors: typeof above) =>
        factors
          .map(({ term: part }) => (part.kind === 'sum' && factors.length > 1 ? parenthesised(part) : termTex(part)))
          .join('\\,');
      return below.length === 0 ? chain(above) : `\\frac{${chain(above)}}{${chain(below)}}`;
    }
    case 'power':
      return `${term.base.kind === 'name' ? termTex(term.base) : parenthesised(term.base)}^{${term.exponent}}`;
    case 'call':
      return FUNCTIONS[term.fn](term.args.map(termTex));
    case 'reduction':
      return `\\${term.op}_${family(term)} ${term.body.kind === 'sum' ? parenthesised(term.body) : termTex(term.body)}`;
    case 'softmax':
      return `\\mathrm{softmax}_${family(term)}(${termTex(term.body)})_{${term.at}}`;
  }
}

function parenthesised(term: Term): string {
  return `\\left(${termTex(term)}\\right)`;
}
