/** Commands that may search for long: they run in a thread, and Ctrl-C ends them with what is known. */
export const SEARCHING: readonly string[] = ['verify', 'prove', 'explain', 'audit'];
