/** Commands of TeX that a terminal shows in other signs; those that only set type become nothing, others their own name. */
const SIGNS: Readonly<Record<string, string>> = {
  ...{ le: '<=', ge: '>=', ne: '!=', in: ' in ', notin: ' not in ', Rightarrow: ' => ', iff: ' <=> ', approx: '~' },
  ...{ infty: 'infinity', cdot: '*', dots: '...', ldots: '...', cdots: '...', forall: 'for all ', cup: ' or in ' },
  ...{ subseteq: ' within ', top: 'T', partial: 'd', ell: 'l', varphi: 'phi', varepsilon: 'eps', to: '->' },
  ...{ left: '', right: '', big: '', Big: '', bigl: '', bigr: '', textstyle: '', displaystyle: '' },
  ...{ mathrm: '', mathit: '', text: '', quad: '  ', qquad: '  ', '{': '{', '}': '}', '|': '|', '!': '' },
};
/** Deepest nesting of groups; what a file nests deeper is shown as it is. */
const DEEPEST = 60;
const COMMAND = /^\\([a-zA-Z]+|.)/s;

/** A formula of TeX as one line of text: fractions as quotients, groups in round brackets where they are longer than a word. */
export function plainTex(tex: string): string {
  let [at, depth] = [0, 0];
  const group = (): string => {
    if (depth > DEEPEST) return tex[at++] ?? '';
    depth++;
    let text = '';
    if (tex[at] === '{') {
      at++;
      while (at < tex.length && tex[at] !== '}') text += part();
      at++;
    } else text = part();
    depth--;
    return text;
  };
  const part = (): string => {
    const command = COMMAND.exec(tex.slice(at));
    const sign = command?.[0] ?? tex[at] ?? '';
    if (sign === '{') return group();
    at += sign.length;
    if (sign === '_' || sign === '^') return `${sign}${bracketed(group())}`;
    if (!command) return sign;
    const [, name] = command;
    if (/^[td]?frac$/.test(name)) return `${bracketed(operand())}/${bracketed(operand())}`;
    if (name === 'sqrt' || name === 'hat') return `${name}(${operand()})`;
    return Object.hasOwn(SIGNS, name) ? SIGNS[name] : /^[a-zA-Z]/.test(name) ? `${name} ` : ' ';
  };
  const operand = (): string => {
    while (tex[at] === ' ') at++;
    return group();
  };
  let text = '';
  while (at < tex.length) text += part();
  const close = text.replace(/ +/g, ' ').replace(/ (?=[,)\]])|(?<=[([]) /g, '');
  return close.replace(/(\w) (?=[_^(])/g, '$1').trim();
}

function bracketed(text: string): string {
  return /^(?:\w+|\([^()]*\))$/.test(text.trim()) ? text.trim() : `(${text.trim()})`;
}
