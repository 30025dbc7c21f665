import { InputError, quote } from '../errors.js';
import { theoremIds } from '../library/package.js';
import type { CommandRow } from './command-row.js';
import { EXIT } from './exit.js';
import type { CommonFlags } from './flags.js';
import { emit } from './output.js';

const COMMON = ['--json', '--quiet', '--seed', '--digits', '--time-limit', '--help'];

/** A command with the words that may follow it; files always may. */
interface Words {
  readonly command: string;
  readonly summary: string;
  readonly words: readonly string[];
}

const SHELLS: Readonly<Record<string, (commands: readonly Words[]) => string>> = { bash, zsh, fish };

/** `exhibit completion bash|zsh|fish`: a script for the shell, from the table of commands and the library's theorems. */
export async function completion(shell: string, table: readonly CommandRow[], flags: CommonFlags): Promise<number> {
  const write = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (!write) throw new InputError({ found: quote(shell), allowed: Object.keys(SHELLS).join(', ') });
  const script = write(wordsOf(table, theoremIds()));
  emit(
    flags,
    () => ({ shell, script }),
    () => script,
    true,
  );
  return EXIT.proved;
}

function wordsOf(table: readonly CommandRow[], theorems: readonly string[]): Words[] {
  return table.map(({ name, summary, options }) => {
    const [command, argument = ''] = name.split(' ');
    const own = options.map(({ long }) => long ?? '').filter(Boolean);
    const ids = /<(?:theorem|instance)>/.test(argument) ? theorems : [];
    return { command, summary, words: [...ids, ...own, ...COMMON] };
  });
}

function bash(commands: readonly Words[]): string {
  const cases = commands.map(({ command, words }) => `    ${command}) words='${words.join(' ')}' ;;`);
  return `# exhibit completion bash > ~/.local/share/bash-completion/completions/exhibit
_exhibit() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words='${commands.map(({ command }) => command).join(' ')}'
  if [ "$COMP_CWORD" -gt 1 ]; then case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    *) words='' ;;
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word"))
}
complete -o filenames -F _exhibit exhibit
`;
}

function zsh(commands: readonly Words[]): string {
  const cases = commands.map(({ command, words }) => `    ${command}) compadd -- ${words.join(' ')} ;;`);
  const described = commands.map(({ command, summary }) => `    '${command}:${quoted(summary)}'`);
  return `#compdef exhibit
# exhibit completion zsh > a folder of $fpath, as _exhibit
_exhibit() {
  local -a commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case "$words[2]" in
${cases.join('\n')}
  esac
  _files
}
_exhibit "$@"
`;
}

function fish(commands: readonly Words[]): string {
  const lines = commands.flatMap(({ command, summary, words }) => [
    `complete -c exhibit -n __fish_use_subcommand -a ${command} -d '${quoted(summary)}'`,
    `complete -c exhibit -n '__fish_seen_subcommand_from ${command}' -a '${words.join(' ')}'`,
  ]);
  return `# exhibit completion fish > ~/.config/fish/completions/exhibit.fish\n${lines.join('\n')}\n`;
}

/** Between single quotes, in all three shells and in a description of zsh. */
function quoted(text: string): string {
  return text.replaceAll("'", '').replaceAll(':', ' -');
}
