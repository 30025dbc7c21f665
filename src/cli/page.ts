import { utf8, writeFile } from '../files/write.js';
import { readDocument } from '../report/document.js';
import { jsonText } from '../report/visible.js';

/** Writes the page of a document of `verify`, `prove`, `sweep` or `audit`. */
export async function writePage(file: string, document: object): Promise<void> {
  const { reportPage } = await import('../report/html.js');
  writeFile(file, utf8([await reportPage(readDocument(jsonText(document, 0)))]));
}

/** Writes a document of `verify` or `prove` as LaTeX for a paper. */
export async function writeLatex(file: string, document: object): Promise<void> {
  const { latex } = await import('../report/latex.js');
  const read = readDocument(jsonText(document, 0));
  if (read.kind === 'claims') writeFile(file, utf8([latex(read.document)]));
}
