import { EtlError } from '../errors.ts';
import { TableBoard, type BoardDefinition } from './definition.ts';
import { tableBoard } from './table-board.ts';

/** A board as a file of the user's says it. */
const Board = TableBoard.superRefine(({ identity, columns }, context) => {
  const names = columns.map(({ name }) => name);
  const problems = [
    ...identity.filter((it) => !names.includes(it)).map((it) => `identity: no column ${it}`),
    ...names.filter((it, at) => names.indexOf(it) !== at).map((it) => `columns: two are ${it}`),
  ];
  if (columns.filter(({ kind }) => kind === 'model').length !== 1) {
    problems.push('columns: one of them must be of kind model');
  }
  for (const message of problems) context.addIssue({ code: 'custom', message });
});

/**
 * The board that a file of JSON describes.
 *
 * @throws {EtlError} CONFIG_INVALID that names the file and everything that is wrong in it
 */
export function definitionOf(json: string, file: string): BoardDefinition {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new EtlError('CONFIG_INVALID', `${file} is broken JSON`, { cause });
  }
  const { success, data, error } = Board.safeParse(value);
  if (success) return tableBoard(data);
  const problems = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new EtlError('CONFIG_INVALID', `${file} describes no board: ${problems.join('; ')}`);
}
