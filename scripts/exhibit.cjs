#!/usr/bin/env node
// What npm links as the command. It is there before the build and keeps its mode, which `npx` relies on.
require('../dist/src/cli/main.cjs');
