import type { Command } from 'commander';
import type { Io } from './io.ts';
import type { Flags } from './session.ts';

/** A command; resolves to the exit code. */
export type Action = (io: Io, flags: Flags, args: string[]) => Promise<number>;

/** Adds a command to a parent; commands are loaded when they are called. */
export type Add = (name: string, description: string, action: Action) => Command;

/** `boards` and what can be done with one of them. */
export function addBoards(add: Add, under: (parent: Command) => Add): void {
  const boards = add(
    'boards',
    'the leaderboards that are known; see its subcommands',
    async (io, flags) => (await import('./commands/boards.ts')).boardsCommand(io, flags),
  );
  const sub = under(boards);
  const check = sub(
    'check',
    'reads and verifies boards, and stores nothing',
    async (io, flags, args) =>
      (await import('./commands/boards-check.ts')).checkCommand(io, flags, args),
  ).argument('[ids...]', 'boards, or hub-benchmarks/OWNER/NAME (default: all that are followed)');
  withPageOptions(check).option('--id <id>', 'of the board of --url (default: from the address)');
  const fresh = sub(
    'new',
    'describes a page that nobody described, as a file',
    async (io, flags, args) =>
      (await import('./commands/boards-new.ts')).newCommand(io, flags, args),
  ).argument('<id>', 'small letters, digits and dashes');
  withPageOptions(fresh).option('--out <file>', 'default: src/boards/definitions/<id>.ts');
  sub('diff', 'why a board was refused, or what changed on it', async (io, flags, args) =>
    (await import('./commands/boards-diff.ts')).diffCommand(io, flags, args),
  )
    .argument('<id>')
    .option('--run <run>', 'default: the newest that read it');
  sub('show', 'the evidence of the last reading, in a browser', async (io, flags, args) =>
    (await import('./commands/boards-show.ts')).showCommand(io, flags, args),
  )
    .argument('<id>')
    .option('--run <run>', 'default: the newest that read it');
  sub('accept', 'takes a changed board as it is now', async (io, flags, args) =>
    (await import('./commands/boards.ts')).acceptCommand(io, flags, args),
  ).argument('<ids...>');
}

/** Options of commands that look at pages. */
export function withPageOptions(command: Command): Command {
  return command
    .option('--url <url>', 'a page with a leaderboard that nobody described')
    .option('--renderer <kind>', 'kind of the page of --url (default: found out)')
    .option(
      '--table <label>',
      'table of the page of --url, or its place from 1 (default: the likeliest)',
    )
    .option('--board-url <pairs>', 'ID=URL: read a board from another address')
    .option('--verify <how>', 'sample or all: how much of a board to check (default: sample)')
    .option('--board-timeout <seconds>', 'for a board to show rows (default: 90)')
    .option('--ignore-robots', 'visit what robots.txt does not allow; the run says so')
    .option('--headed', 'show the browser')
    .option('--slow-mo <ms>', 'milliseconds between browser actions')
    .option('--pause', "stop in Playwright's inspector before reading")
    .option('--keep-open', 'show the browser, and leave the page of a refused board open');
}
