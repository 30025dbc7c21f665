import { utf8, writeFile } from '../files/write.js';
import { jsonText } from '../report/visible.js';

/** Writes the page of a document of `verify`, `prove`, `sweep` or `audit`. */
export async function writePage(file: string, document: object): Promise<void> {
  const [{ reportPage }, { readDocument }] = await Promise.all([import('../report/html.js'), reading()]);
  writeFile(file, utf8([await reportPage(readDocument(jsonText(document, 0)))]));
}

/** Writes a document of `verify` or `prove` as LaTeX for a paper. */
export async function writeLatex(file: string, document: object): Promise<void> {
  const [{ latex }, { readDocument }] = await Promise.all([import('../report/latex.js'), reading()]);
  const read = readDocument(jsonText(document, 0));
  if (read.kind === 'claims') writeFile(file, utf8([latex(read.document)]));
}

/** What reads documents takes as long to load as a small result to prove. */
const reading = () => import('../report/document.js');
