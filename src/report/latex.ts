import type { Direction } from '../numbers/convert.js';
import { type ClaimDocument, formulaOf, type ResultDocument } from './document.js';
import { mainClaim } from './page/result.js';
import { shortNumber } from './short-number.js';

/**
 * A result as LaTeX that a paper inputs: a paragraph with the statement, what is proved and where it is attained, and a
 * table of the claims. It needs amsmath and amssymb, and no package of ours.
 */
export function latex(result: ResultDocument): string {
  const { theorem, verdict, claims, network, tool, call } = result;
  const main = mainClaim(claims);
  const parameters = Object.entries(result.params).filter(([, value]) => value !== null);
  const lines = [
    `% ${comment(`${tool.name} ${tool.version}, network ${network.sha256}`)}`,
    ...(call === undefined ? [] : [`% ${comment(call)}`]),
    '% needs \\usepackage{amsmath, amssymb}',
    '{\\sloppy',
    `\\paragraph{${escaped(theorem ?? 'Statement')}: ${escaped(verdict)}.}`,
    ...(parameters.length > 0
      ? [`Parameters: ${parameters.map(([name, value]) => `${verbatim(`${name} = ${valueText(value)}`)}`).join(', ')}.`]
      : []),
    ...(main ? mainLines(main) : []),
    `The network has ${network.parameters} parameters, the largest of size ${number(network.maxAbsWeight, 'up')};`,
    `the SHA-256 of its canonical form begins with ${verbatim(network.sha256.slice(0, 16))}.\\par}`,
    '',
    '\\begin{center}\\small',
    '\\begin{tabular}{@{}llll@{}}',
    '\\hline',
    'claim & verdict & at least & at most \\\\',
    '\\hline',
    ...claims.map(
      ({ id, verdict: found, checked, enclosure }) =>
        `${escaped(id)} & ${escaped(found)}${checked === true ? ' (checked)' : ''} & ${number(enclosure?.[0], 'down')} & ${number(enclosure?.[1], 'up')} \\\\`,
    ),
    '\\hline',
    '\\end{tabular}',
    '\\end{center}',
  ];
  return `${lines.join('\n')}\n`;
}

function mainLines(claim: ClaimDocument): string[] {
  const { statement, enclosure, witness } = claim;
  const tex = formulaOf(claim);
  const [lo, hi] = enclosure ?? [null, null];
  return [
    ...(tex && isFormula(tex) && fitsLine(tex) ? ['\\[', tex, '\\]'] : [`${verbatim(brief(statement))}.`]),
    ...(hi === null ? [] : [`Proved: at most ${number(hi, 'up')}.`]),
    ...(lo === null ? [] : [`Attained: at least ${number(lo, 'down')}.`]),
    ...(witness ? [`Witness: ${verbatim(brief(JSON.stringify(witness).replaceAll('"', '')))}.`] : []),
  ];
}

/** So many symbols fit into a line of an article. */
const LINE = 60;

/** Whether a formula stays within the margins, about; a longer one is written as a text, which breaks. */
function fitsLine(tex: string): boolean {
  return tex.replaceAll(/\\(?:[a-zA-Z]+|.)/g, 'm').replaceAll(/[{}_^\s]/g, '').length <= LINE;
}

/** Commands that write symbols and set them. A result is anyone's file, and TeX has others, such as \\input. */
const COMMANDS = new Set(
  (
    'le ge ne lt gt max min sup inf sum prod rho mathrm frac tfrac lambda ell hat big Big text mu beta quad infty in ' +
    'varepsilon right left cdot top sigma varphi partial dots Rightarrow tau forall colon alpha times tilde subseteq ' +
    'sqrt psi notin delta Psi Delta wedge textstyle prime phi mathbb ldots kappa iff eta deg backslash approx exp log ' +
    'ln sin cos tanh operatorname theta gamma pi xi zeta omega lVert rVert lvert rvert Vert vert lfloor rfloor lceil ' +
    'rceil mid to mapsto cup cap setminus emptyset land lor neg bigl bigr Bigl Bigr argmax arg pm circ star ast langle ' +
    'rangle nu chi Gamma Lambda Sigma Phi Omega Theta Pi bar vec dot ddot underline overline mathcal mathbf qquad'
  ).split(' '),
);

/** Whether braces match, so that nothing that follows is swallowed, and every command only writes. */
function isFormula(tex: string): boolean {
  const commands = [...tex.matchAll(/\\([a-zA-Z]+)/g)].map(([, name]) => name);
  if (!commands.every((name) => COMMANDS.has(name)) || tex.includes('^^')) return false;
  let depth = 0;
  for (const [token] of tex.matchAll(/\\.|[{}%]/g)) {
    if (token === '%') return false;
    if (token === '{') depth += 1;
    if (token === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

const DIGITS = 6;

function number(text: string | null | undefined, direction: Direction): string {
  if (text === null || text === undefined) return '--';
  const short = shortNumber(text, DIGITS, direction);
  if (!short) return verbatim(brief(text));
  return short.exponent === 0 ? `$${short.mantissa}$` : `$${short.mantissa}\\cdot 10^{${short.exponent}}$`;
}

function valueText(value: unknown): string {
  return brief(typeof value === 'string' ? value : JSON.stringify(value).replaceAll('"', ''));
}

function brief(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

/** In typewriter letters, with places where a line may end: after signs, and within long words and numbers. */
function verbatim(text: string): string {
  const pieces = text.match(/[^\s,;:()[\]+*=<>|/-]{1,8}[,;:()[\]+*=<>|/-]*|\s+|./gsu) ?? [];
  return `\\texttt{${pieces
    .map(escaped)
    .join('\\allowbreak{}')
    .replaceAll(/\\allowbreak\{\}(\s+)\\allowbreak\{\}/g, '$1')}}`;
}

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\char34{}',
  '\n': ' ',
};

/** Text as it reads, with nothing that TeX acts on; characters beyond ASCII by their code. */
function escaped(text: string): string {
  return text
    .replace(/[\\~^<>|"\n]|[{}$&#_%]/g, (character) => SPECIAL[character] ?? `\\${character}`)
    .replace(/[^\x20-\x7e]/gu, (character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase()}`);
}

function comment(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, '?');
}
