import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from '../errors.js';
import { reasonOf } from '../files/faults.js';
import { checkWritable, utf8, writeFile } from '../files/write.js';
import { readDocument } from '../report/document.js';
import { page } from '../report/page/page.js';
import { type Exhibited, showcaseBody } from '../report/page/showcase.js';
import { jsonText } from '../report/visible.js';
import { writePage } from './page.js';

interface Row {
  readonly file: string;
  readonly result: object | null;
}

/** A folder with a page for each audited instance, written as it comes, and a front page that links them. */
export class Showcase {
  private readonly exhibits: { readonly name: string; readonly page: string | null; readonly row: Row }[] = [];
  private readonly taken = new Set(['index']);

  private constructor(private readonly folder: string) {}

  /** Makes the folder. Throws InputError where that fails, before any work. */
  static async open(folder: string): Promise<Showcase> {
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      const found = `no folder to write pages to: ${reasonOf(error as Error)}`;
      throw new InputError({ field: '--report', file: folder, found, allowed: 'a folder' });
    }
    checkWritable(join(folder, 'index.html'));
    return new Showcase(folder);
  }

  async add(row: Row): Promise<void> {
    const name = this.nameFor(basename(row.file).replace(/\.ya?ml$/i, ''));
    const file = row.result ? `${name}.html` : null;
    if (file && row.result) await writePage(join(this.folder, file), row.result);
    this.exhibits.push({ name, page: file && encodeURIComponent(file), row: withoutFigures(row) });
  }

  async close(): Promise<void> {
    const read = readDocument(jsonText({ verdict: 'proved', instances: this.exhibits.map(({ row }) => row) }, 0));
    if (read.kind !== 'instances') return;
    const exhibited: Exhibited[] = read.document.instances.map((instance, k) => ({
      ...instance,
      name: this.exhibits[k].name,
      page: this.exhibits[k].page,
    }));
    writeFile(join(this.folder, 'index.html'), utf8([page('Audit', showcaseBody(exhibited))]));
  }

  /** Instances of several folders may share a name. */
  private nameFor(wanted: string): string {
    let name = wanted;
    for (let k = 2; this.taken.has(name.toLowerCase()); k++) name = `${wanted}-${k}`;
    this.taken.add(name.toLowerCase());
    return name;
  }
}

/** The front page shows no pictures. */
function withoutFigures(row: Row): Row {
  return row.result ? { ...row, result: { ...row.result, figures: undefined } } : row;
}
