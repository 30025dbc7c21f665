import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where the Vulkan loader looks for drivers on Linux (LoaderDriverInterface.md of the Vulkan-Loader project). */
const FOLDERS = [
  process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config'),
  ...(process.env.XDG_CONFIG_DIRS ?? '/etc/xdg').split(delimiter),
  '/usr/local/etc',
  '/etc',
  process.env.XDG_DATA_HOME ?? join(homedir(), '.local/share'),
  ...(process.env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(delimiter),
].map((folder) => join(folder, 'vulkan/icd.d'));

/**
 * Whether a WebGPU device may be there: on Linux some Vulkan driver must be declared, elsewhere the system has one. The
 * native code writes its own complaints to stderr when there is none, so it is not asked then.
 */
export function hasGpuDriver(): boolean {
  if (process.platform !== 'linux') return true;
  const named = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  const added = process.env.VK_ADD_DRIVER_FILES?.split(delimiter) ?? [];
  const places = named !== undefined ? named.split(delimiter) : [...FOLDERS, ...added];
  return places.some((place) => declaresDriver(place));
}

/** A manifest, or a folder with one. */
function declaresDriver(place: string): boolean {
  try {
    return statSync(place).isFile() || readdirSync(place).some((name) => name.endsWith('.json'));
  } catch {
    return false;
  }
}
