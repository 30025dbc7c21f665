/** Sections whose values are expressions and statements rather than YAML. */
const SECTIONS = ['network', 'constants', 'claims'];
const SECTION = /^([A-Za-z]+):/;
/** A value that YAML would take for a list, or for a map because of its colon. */
const VALUE = /^(\s+[^\s:#'"]+:\s+)((?:\[|for\s+all\b|forall\b).*)$/u;

/**
 * The text of a file of claims with quotes around expressions such as `A: [[1, 2] for k in 1..n] @ B`, which look like YAML
 * lists, and around statements, which hold a colon. Lines stay where they are; an expression whose brackets are open at the
 * end of its line goes on in the next one.
 */
export function quoteExpressions(text: string): string {
  const lines = text.split('\n');
  let isSection = false;
  for (let k = 0; k < lines.length; k++) {
    const section = SECTION.exec(lines[k]);
    if (section) isSection = SECTIONS.includes(section[1]);
    const match = isSection ? VALUE.exec(withoutComment(lines[k])) : null;
    if (!match) continue;
    const [, key, value] = match;
    let open = openBrackets(value);
    lines[k] = `${key}'${escaped(value)}`;
    while (open > 0 && /^\s+\S/.test(lines[k + 1] ?? '')) {
      k += 1;
      const line = withoutComment(lines[k]);
      open += openBrackets(line);
      lines[k] = escaped(line);
    }
    lines[k] += "'";
  }
  return lines.join('\n');
}

function withoutComment(line: string): string {
  return line.replace(/\s+#.*$/, '').trimEnd();
}

function escaped(text: string): string {
  return text.replaceAll("'", "''");
}

function openBrackets(text: string): number {
  return (text.match(/[([]/g)?.length ?? 0) - (text.match(/[)\]]/g)?.length ?? 0);
}
