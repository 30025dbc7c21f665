/** Commands that may search for long: they run in a thread, and Ctrl-C ends them with what is known. */
export const SEARCHING: readonly string[] = ['verify', 'prove', 'explain', 'audit'];

/** What is over before V8 optimises anything. */
export const SHORT: readonly string[] = [
  '--help',
  '-h',
  '--version',
  '-V',
  'help',
  'list',
  'show',
  'schema',
  'completion',
];
