#!/usr/bin/env node
// What npm links as the command. It is there before the build and keeps its mode, which `npx` relies on.
import module from 'node:module';

// From node 22 on, compiled code is kept between runs.
module.enableCompileCache?.();
await import('../dist/src/cli/main.js');
