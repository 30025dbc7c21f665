import { InputError } from '../errors.js';
import { refuseOtherKinds } from '../files/kind.js';
import { readText } from '../files/read.js';
import { checkWritable, utf8, writeFile } from '../files/write.js';
import { readDocument } from '../report/document.js';
import { reportPage } from '../report/html.js';
import { EXIT } from './exit.js';
import type { CommonFlags } from './flags.js';
import { emit } from './output.js';

const LARGEST_RESULT = 1 << 26;

/** `exhibit report RESULT.json -o FILE.html`. */
export async function report(file: string, flags: CommonFlags): Promise<number> {
  refuseOtherKinds(file, ['result'], 'what verify, prove, audit or sweep gave with --json');
  const output = flags.output!;
  checkWritable(output);
  writeFile(output, utf8([await pageOf(file)]));
  emit(
    flags,
    () => ({ file: output }),
    () => `${output}\n`,
  );
  return EXIT.proved;
}

async function pageOf(file: string): Promise<string> {
  try {
    return await reportPage(readDocument(readText(file, LARGEST_RESULT)));
  } catch (error) {
    throw error instanceof InputError ? error.at({ file }) : error;
  }
}
