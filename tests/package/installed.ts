import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, type Outcome, ROOT } from '../cli/exhibit.js';

/** npm without the settings of this repository's own npm run; caches and registries stay those of the machine. */
export function npm(args: readonly string[], cwd: string): Promise<Outcome> {
  return launch('npm', args, { cwd, env: { npm_config_ignore_scripts: '', npm_config_update_notifier: 'false' } });
}

/** Why this machine does not allow what npm was asked for. */
export const NOT_CACHED = 'not in the cache of npm';

/** A project with the packed package in it, or NOT_CACHED where npm's cache lacks what the package depends on. */
export interface Installed {
  readonly project: string;
  readonly obstacle: string | null;
  readonly warnings: string;
}

/** Packs what is built and installs it into a new folder from npm's cache alone. */
export async function installed(folder: string): Promise<Installed> {
  const project = join(folder, 'project');
  mkdirSync(project);
  const packed = await npm(['pack', '--ignore-scripts', '--pack-destination', folder], ROOT);
  if (packed.code !== 0) throw new Error(`npm pack: ${packed.stderr}`);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const outcome = await npm(['install', '--offline', '--no-audit', '--no-fund', join('..', tarball)], project);
  if (outcome.code === 0) return { project, obstacle: null, warnings: outcome.stderr };
  if (!/ENOTCACHED|ENOTFOUND|ECONNREFUSED/.test(outcome.stderr)) throw new Error(outcome.stderr);
  return { project, obstacle: NOT_CACHED, warnings: '' };
}
