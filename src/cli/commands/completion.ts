import type { Command } from 'commander';
import { EtlError } from '../../errors.ts';
import { write, type Io } from '../io.ts';

/** What may follow a command, which is named by the words that lead to it: '' for the program. */
interface Place {
  path: string;
  words: { name: string; description: string }[];
}

/** `completion`: a script for a shell, made of the commands and flags that there are. */
export async function completionCommand(
  io: Io,
  program: Command,
  [shell = '']: string[],
): Promise<number> {
  const script = SCRIPTS[shell];
  if (script === undefined)
    throw new EtlError('CONFIG_INVALID', `completion knows bash, zsh and fish, not "${shell}"`);
  await write(io.stdout, script(placesOf(program, '')));
  return 0;
}

function placesOf(command: Command, path: string): Place[] {
  const help = command.createHelp();
  const commands = command.commands.map((it) => [it.name(), it.description()] as const);
  const flags = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
  const words = [...commands, ...flags.map((it) => [it.long ?? '', it.description] as const)];
  return [
    { path, words: words.map(([name, text]) => ({ name, description: unquoted(text) })) },
    ...command.commands.flatMap((it) => placesOf(it, `${path} ${it.name()}`.trim())),
  ];
}

const unquoted = (text: string): string => text.replace(/['`\\]/g, '');

/** Patterns of a `case` for the words so far and the next one, where that is a command. */
const commandsOf = (places: readonly Place[]): string[] =>
  places.slice(1).map(({ path }) => (path.includes(' ') ? `'${path}'` : `' ${path}'`));

const posixCases = (places: readonly Place[]): string =>
  places
    .map(({ path, words }) => `  '${path}') it='${words.map(({ name }) => name).join(' ')}' ;;`)
    .join('\n');

const SCRIPTS: Partial<Record<string, (places: readonly Place[]) => string>> = {
  bash: (places) => `_huggingface_etl() {
  local at='' it
  for it in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $it" in ${commandsOf(places).join(' | ')}) at="\${at:+$at }$it" ;; esac
  done
  case "$at" in
${posixCases(places)}
  esac
  COMPREPLY=($(compgen -W "$it" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _huggingface_etl huggingface-etl
`,
  zsh: (places) => `#compdef huggingface-etl
_huggingface_etl() {
  local at='' it
  for it in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $it" in ${commandsOf(places).join(' | ')}) at="\${at:+$at }$it" ;; esac
  done
  case "$at" in
${posixCases(places)}
  esac
  compadd -- \${=it}
  _files
}
compdef _huggingface_etl huggingface-etl
`,
  fish: (places) => `function __huggingface_etl
  set -l at ''
  for it in (commandline -opc)[2..-1]
    switch "$at $it"
      case ${commandsOf(places).join(' ')}
        set at (string trim "$at $it")
    end
  end
  switch "$at"
${places.map(fishCase).join('\n')}
  end
end
complete -c huggingface-etl -a '(__huggingface_etl)'
`,
};

const fishCase = ({ path, words }: Place): string =>
  `    case '${path}'\n      printf '%s\\t%s\\n' ${words
    .map(({ name, description }) => `'${name}' '${description}'`)
    .join(' ')}`;
