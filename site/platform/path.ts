/** The web's side of `node:path`: paths with slashes. */
export const sep = '/';
export const delimiter = ':';

export function basename(path: string, suffix = ''): string {
  const name = path.split('/').at(-1) ?? '';
  return suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

export function dirname(path: string): string {
  const parts = path.split('/').slice(0, -1);
  return parts.length === 0 ? '.' : parts.join('/') || '/';
}

export function extname(path: string): string {
  return /.(\.[^./]*)$/.exec(basename(path))?.[1] ?? '';
}

export function isAbsolute(path: string): boolean {
  return path.startsWith('/');
}

export function join(...parts: readonly string[]): string {
  const steps: string[] = [];
  for (const step of parts
    .filter((part) => part !== '')
    .join('/')
    .split('/')) {
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else if (step !== '.' && (step !== '' || steps.length === 0)) steps.push(step);
  }
  return steps.join('/') || '.';
}

export function resolve(...parts: readonly string[]): string {
  const from = parts.findLastIndex(isAbsolute);
  return join(...(from < 0 ? ['/', ...parts] : parts.slice(from)));
}

export function relative(_: string, path: string): string {
  return path.replace(/^\//, '');
}
