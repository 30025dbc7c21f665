import { expect, test } from 'vitest';
import { z } from 'zod';
import { InputError } from '../../src/errors.js';
import { sweepCsv } from '../../src/report/csv.js';
import { KINDS, type ReportDocument, readDocument } from '../../src/report/document.js';
import { explainText } from '../../src/report/explain.js';
import { reportPage } from '../../src/report/html.js';
import { latex } from '../../src/report/latex.js';
import { SCRIPT } from '../../src/report/page/script.js';
import { painter } from '../../src/report/style.js';
import { visible } from '../../src/report/visible.js';

/** Texts that would act in a page, in TeX and on a terminal if any field of a document let them through. */
const HOSTILE = {
  markup: '<img src=x onerror=alert(1)>\'"&</script></style>',
  tex: '} \\input{/etc/passwd} % $ # ^^5c & { \\" + 1',
  terminal: '\u001b[2J\u202e\r\n\u0007',
} as const;

type Schema = z.core.JSONSchema.BaseSchema;

/**
 * A document in which every field that a schema has is there and every text is `text`: also the names of records. Of
 * several forms that a field may have, the one with most texts.
 */
function filledWith(text: string, schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  const kinds = Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : [];
  const forms = (schema.anyOf ?? kinds) as Schema[];
  if (forms.length > 0) {
    const filled = forms.map((form) => filledWith(text, form));
    return filled.sort((a, b) => textsIn(b) - textsIn(a))[0];
  }
  if (schema.type === 'string') return text;
  if (schema.type === 'number' || schema.type === 'integer') return 1;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'null') return null;
  if (schema.type === 'array') {
    const fixed = schema.prefixItems as Schema[] | undefined;
    return fixed ? fixed.map((item) => filledWith(text, item)) : [filledWith(text, schema.items as Schema)];
  }
  if (schema.type !== 'object') return text;
  const own = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const named = schema.propertyNames ? [[text, schema.additionalProperties as Schema] as const] : [];
  return Object.fromEntries([...own, ...named].map(([name, field]) => [name, filledWith(text, field)]));
}

function textsIn(value: unknown): number {
  return (JSON.stringify(value).match(/"/g) ?? []).length;
}

const CASES = (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) => {
  const schema = z.toJSONSchema(KINDS[kind], { io: 'input', unrepresentable: 'any' }) as Schema;
  return Object.entries(HOSTILE).map(([danger, text]) => {
    const read = readDocument(JSON.stringify(filledWith(text, schema)));
    return [kind, danger, read] as const;
  });
});

/** What `make` gives; a document that is refused for a text is none. */
async function madeOf(make: () => string | Promise<string>): Promise<string> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof InputError) return '';
    throw error;
  }
}

test.each(CASES)('no text of a document with %s acts: %s', async (kind, danger, read) => {
  const html = await madeOf(() => reportPage(read));
  const body = html
    .replace(/<script type="application\/json" id="result">[^<]*<\/script>/, '')
    .replace(`<script>${SCRIPT}</script>`, '');
  expect(body).not.toMatch(/<img (?!alt="")|\bonerror=alert\(1\)>|<\/script>/);
  expect(body.match(/<\/style>/g)?.length ?? 0).toBeLessThanOrEqual(1);
  expect(html).not.toMatch(ACTING);
  const printed = await madeOf(() => textOf(read));
  expect(visible(printed)).not.toMatch(ACTING);
  if (read.kind === 'claims') {
    const lines = latex(read.document).split('\n');
    expect(lines.filter((line) => !line.startsWith('%')).join('\n')).not.toMatch(/\\input|\^\^|(?<!\\)%/);
  }
  if (kind !== 'points' && danger === 'markup') expect(body).toContain('&#60;img');
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
const ACTING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

function textOf(read: ReportDocument): string {
  if (read.kind === 'claims') return explainText(read.document, read.document.claims, painter(1));
  return read.kind === 'points' ? sweepCsv(read.document) : '';
}
