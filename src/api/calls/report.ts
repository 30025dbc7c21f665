import { readDocument } from '../../report/document.js';
import { reportPage } from '../../report/html.js';
import type { ResultDocument } from './document.js';

/** A result as one HTML page that holds no script and loads nothing. Rejects with InputError for another document. */
export function report(document: ResultDocument): Promise<string> {
  return reportPage(readDocument(JSON.stringify(document)));
}
