import { InputError } from '../../src/errors.js';

/** Files by name, as they were dropped. A worker reads them: the page would stand still over a large one. */
export type FileMap = Readonly<Record<string, Blob>>;

/** The files of a drop or of a file field. Throws an Error for one that is too large. */
export function filesOf(list: FileList): FileMap {
  const files: Record<string, Blob> = {};
  for (const file of list) {
    if (file.size > LARGEST) throw new Error(`${file.name} has ${file.size} bytes; allowed are ${LARGEST}`);
    files[file.name] = file;
  }
  return files;
}

const LARGEST = 200_000_000;

/** The bytes of a file. Throws InputError where the browser no longer reads it: it was moved, changed, or is a folder. */
export async function bytesOf(name: string, file: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new InputError({ file: name, found: 'a file that the browser cannot read', mend: 'choose it again' });
  }
}
