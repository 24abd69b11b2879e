import { bigquerySchema, type BigQueryField } from '../../tables/bigquery.ts';
import type { Table } from '../../tables/table.ts';
import type { ColumnShape } from '../checks/check.ts';
import type { Warehouse } from './client.ts';
import { changeTable, type Field } from './tables.ts';

/** How a table of ours fits onto the table that stands in production. */
export interface SchemaFit {
  /** Why our rows cannot be inserted, or what of production's would be lost. */
  misfits: string[];
  /** Production's schema with what ours adds; undefined when nothing changes. */
  aligned: Field[] | undefined;
}

/** The API answers with either name of a type. */
const TYPES: Partial<Record<string, string>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
  STRUCT: 'RECORD',
};

const typeOf = ({ type }: Field): string => TYPES[type.toUpperCase()] ?? type.toUpperCase();
const modeOf = ({ mode }: Field): string => (mode ?? 'NULLABLE').toUpperCase();

/** A column as the checks compare it. */
export const bigqueryShape = (field: Field): ColumnShape => ({
  name: field.name,
  type: typeOf(field),
  isRepeated: modeOf(field) === 'REPEATED',
  fields: (field.fields ?? []).map(bigqueryShape),
});

/** Adds to a table of production what ours has more. Readers see new columns, empty. */
export const alignTable = (warehouse: Warehouse, table: Table): Promise<void> =>
  changeTable(warehouse, table.name, ({ schema }) => {
    const { aligned } = fitSchema(bigquerySchema(table), schema?.fields ?? []);
    return aligned === undefined ? undefined : { schema: { fields: aligned } };
  });

/**
 * Compares our schema with production's. Columns may be added (they become NULLABLE there, as BigQuery
 * wants it) and relaxed by a patch, inside a transaction or out. A record's fields are matched by place
 * when rows are inserted, so within records ours must begin with production's fields in their order.
 */
export function fitSchema(ours: readonly BigQueryField[], production: readonly Field[]): SchemaFit {
  const fit: SchemaFit = { misfits: [], aligned: undefined };
  const aligned = alignFields({ ours, production, path: '', isRecord: false }, fit);
  const changed = JSON.stringify(aligned) !== JSON.stringify(production);
  return { ...fit, aligned: changed ? aligned : undefined };
}

interface Level {
  ours: readonly BigQueryField[];
  production: readonly Field[];
  path: string;
  isRecord: boolean;
}

function alignFields({ ours, production, path, isRecord }: Level, fit: SchemaFit): Field[] {
  const byName = new Map(ours.map((field) => [field.name.toLowerCase(), field]));
  const aligned = production.map((field): Field => {
    const own = byName.get(field.name.toLowerCase());
    byName.delete(field.name.toLowerCase());
    if (own === undefined) {
      fit.misfits.push(`${path}${field.name} is missing`);
      return field;
    }
    return alignField(own, field, { path, fit });
  });
  aligned.push(...[...byName.values()].map(addable));
  const moved = aligned.findIndex((field, at) => field.name !== ours[at]?.name);
  if (isRecord && moved !== -1 && aligned.length === ours.length) {
    fit.misfits.push(`${path}${aligned[moved]?.name ?? ''} stands elsewhere in its record`);
  }
  return aligned;
}

function alignField(
  own: BigQueryField,
  field: Field,
  { path, fit }: { path: string; fit: SchemaFit },
): Field {
  const name = `${path}${field.name}`;
  const [before, now] = [typeOf(field), typeOf(own)];
  const [modeBefore, modeNow] = [modeOf(field), modeOf(own)];
  if (before !== now) {
    fit.misfits.push(`${name} is ${now}, not ${before}`);
    return field;
  }
  if ((modeBefore === 'REPEATED') !== (modeNow === 'REPEATED')) {
    fit.misfits.push(`${name} is ${modeNow}, not ${modeBefore}`);
    return field;
  }
  const relaxed = modeBefore === 'REQUIRED' && modeNow === 'NULLABLE' ? { mode: 'NULLABLE' } : {};
  const fields =
    own.fields === undefined
      ? {}
      : {
          fields: alignFields(
            {
              ours: own.fields,
              production: field.fields ?? [],
              path: `${name}.`,
              isRecord: true,
            },
            fit,
          ),
        };
  return { ...field, ...relaxed, description: own.description, ...fields };
}

/** A column that is added later cannot be REQUIRED: the rows that are there do not have it. */
function addable({ mode, fields, ...field }: BigQueryField): Field {
  const inner = fields === undefined ? {} : { fields: fields.map(addable) };
  return { ...field, mode: mode === 'REPEATED' ? mode : 'NULLABLE', ...inner };
}
