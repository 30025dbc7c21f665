import { EXIT } from './exit.js';
import { type CommonFlags } from './flags.js';
export async function run(argument: string, flags: CommonFlags): Promise<number> { void argument; void flags; return EXIT.internal; }
