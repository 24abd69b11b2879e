import { z } from 'zod';
import { EtlError } from '../errors.ts';
import type { BoardDefinition } from './definition.ts';
import { FileSource } from './file-source.ts';
import { BoardLicence } from './licence.ts';
import { tableBoard, type TableBoard } from './table-board.ts';

const text = z.string().min(1);
const flag = z.boolean().optional();

const Column = z.strictObject({
  header: text,
  aliases: z.array(text).optional(),
  name: text,
  kind: z.enum(['text', 'number', 'percent', 'boolean', 'date', 'model']).default('text'),
  score: flag,
  unit: text.optional(),
  lowerIsBetter: flag,
  range: z.tuple([z.number(), z.number()]).optional(),
  missing: z.array(z.number()).optional(),
  inverted: flag,
  required: flag,
  form: z
    .strictObject({
      decimal: z.enum(['.', ',']),
      factors: z.record(z.string(), z.number()),
      loaded: z.number().optional(),
    })
    .optional(),
});

/** A board as a file of the user's says it: what `TableBoard` is, as JSON. */
const Board = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$/, 'small letters, digits, dashes'),
    title: text,
    url: z.url({ protocol: /^https?$/ }),
    renderer: text,
    file: FileSource.optional(),
    licence: z.union([text, BoardLicence]).default('not stated'),
    identity: z.array(text).min(1),
    repeats: flag,
    tab: text.optional(),
    onRequest: flag,
    unproved: flag,
    minimumRows: z.int().min(1),
    columns: z.array(Column).min(1),
  })
  .superRefine(({ identity, columns }, context) => {
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
  // What zod leaves undefined was not there: JSON has no undefined.
  if (success) return tableBoard(data as TableBoard);
  const problems = error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new EtlError('CONFIG_INVALID', `${file} describes no board: ${problems.join('; ')}`);
}
