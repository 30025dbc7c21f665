#!/usr/bin/env node
// What npx linked in its cache for a checkout from before the command was CommonJS; the link stays when the checkout is updated.
import './exhibit.cjs';
