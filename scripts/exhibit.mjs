#!/usr/bin/env node
// What npm links as the command. It is there before the build and keeps its mode, which `npx` relies on.
import module from 'node:module';
import { dirname } from 'node:path';

// From node 22 on, compiled code is kept between runs; threads, which do the work, take the folder from the environment.
module.enableCompileCache?.();
const cache = module.getCompileCacheDir?.();
if (cache) process.env.NODE_COMPILE_CACHE ??= dirname(cache);
await import('../dist/src/cli/main.js');
