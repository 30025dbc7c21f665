import { EXIT } from './exit.js';
import { type CommonFlags } from './flags.js';
export async function build(argument: string, flags: CommonFlags): Promise<number> { void argument; void flags; return EXIT.internal; }
