import { extname } from 'node:path';
import { InputError, quote } from '../errors.js';
import { refuseOtherKinds } from '../files/kind.js';
import { readText } from '../files/read.js';
import { checkWritable, utf8, writeFile } from '../files/write.js';
import { type ReportDocument, readDocument } from '../report/document.js';
import { EXIT } from './exit.js';
import type { CommonFlags } from './flags.js';
import { emit } from './output.js';

const LARGEST_RESULT = 1 << 26;

/** What a result can be written as, by the ending of the file. */
const WRITERS: Readonly<Record<string, (report: ReportDocument) => Promise<string>>> = {
  '.html': async (report) => (await import('../report/html.js')).reportPage(report),
  '.tex': async (report) => {
    if (report.kind === 'claims') return (await import('../report/latex.js')).latex(report.document);
    throw new InputError({
      found: 'no result of verify or prove',
      allowed: 'LaTeX of one result; an HTML page of others',
    });
  },
  '.csv': async (report) => {
    if (report.kind === 'points') return (await import('../report/csv.js')).sweepCsv(report.document);
    throw new InputError({ found: 'no result of sweep', allowed: 'CSV of a sweep; an HTML page of others' });
  },
};

/** `exhibit report RESULT.json -o FILE.html|.tex|.csv`. A page is read, too: it holds the result that it was made from. */
export async function report(file: string, flags: CommonFlags): Promise<number> {
  refuseOtherKinds(file, ['result'], 'what verify, prove, audit or sweep gave with --json');
  const output = flags.output!;
  const write = writerFor(output);
  checkWritable(output);
  writeFile(output, utf8([await writing(file, write)]));
  emit(
    flags,
    () => ({ file: output }),
    () => `${output}\n`,
  );
  return EXIT.proved;
}

function writerFor(output: string) {
  const ending = extname(output).toLowerCase();
  const write = WRITERS[ending] ?? (ending in ELSEWHERE ? undefined : WRITERS['.html']);
  if (write) return write;
  throw new InputError({
    field: '--output',
    found: quote(output),
    allowed: '.html, .tex or .csv',
    mend: ELSEWHERE[ending],
  });
}

/** How to come by what is not written here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '.pdf': 'write .html and print it from a browser, or write .tex and input it in a paper',
};

async function writing(file: string, write: (report: ReportDocument) => Promise<string>): Promise<string> {
  try {
    return await write(await readResult(file));
  } catch (error) {
    throw error instanceof InputError ? error.at({ file }) : error;
  }
}

/** The result in a file of JSON, or in a page that was made from it. Throws InputError. */
export async function readResult(file: string): Promise<ReportDocument> {
  const content = readText(file, LARGEST_RESULT);
  if (!/^\s*</.test(content)) return readDocument(content);
  const { documentOf } = await import('../report/page/page.js');
  const found = documentOf(content);
  if (found !== null) return readDocument(found);
  throw new InputError({
    file,
    found: 'a page without a result',
    allowed: 'JSON, or a page that report or --report wrote',
  });
}
