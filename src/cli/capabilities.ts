import { EXIT } from './exit.js';
import { type CommonFlags } from './flags.js';
export async function capabilities(flags: CommonFlags): Promise<number> { void flags; return EXIT.internal; }
