/** Files by name, as they were dropped. */
export type FileMap = Readonly<Record<string, Uint8Array>>;

/** The files of a drop or of a file field. Throws an Error for one that is too large. */
export async function readFiles(list: FileList): Promise<FileMap> {
  const files: Record<string, Uint8Array> = {};
  for (const file of list) {
    if (file.size > LARGEST) throw new Error(`${file.name} has ${file.size} bytes; allowed are ${LARGEST}`);
    files[file.name] = new Uint8Array(await file.arrayBuffer());
  }
  return files;
}

const LARGEST = 200_000_000;
