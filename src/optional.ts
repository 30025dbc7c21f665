import { createRequire } from 'node:module';
import { InputError } from './errors.js';

/** Without `skip`, its installation on Linux asks another server than npm's for the files of CUDA. */
export const RUNTIME_INSTALL = 'ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node';

/**
 * A package that is not installed with this one, since few need it: `load` imports it. Throws InputError that says how to
 * get it when it is not there.
 */
export async function optionalPackage<T>(
  name: string,
  use: string,
  load: () => Promise<T>,
  install = name,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (!code.endsWith('MODULE_NOT_FOUND') || !message.includes(`'${name}'`)) throw error;
    throw new InputError({
      found: `${name} is not installed, which ${use}`,
      mend: `install it: ${install}`,
    });
  }
}

/** Whether an optional package is there, without loading it. */
export function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
