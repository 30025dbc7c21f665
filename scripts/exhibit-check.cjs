#!/usr/bin/env node
// What npm links as the command of the checker, as exhibit.cjs does for exhibit.
require('../dist/src/checker/main.cjs');
