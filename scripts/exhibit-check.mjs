#!/usr/bin/env node
// What npm links as the command of the checker, as exhibit.mjs does for exhibit.
import '../dist/src/checker/main.js';
