import { asObject, invalid, onlyKeys } from './problem.ts';

export interface Field {
  name: string;
  type: string;
  mode: string;
  description?: string;
  fields?: Field[];
}

const TYPES = ['STRING', 'INTEGER', 'FLOAT', 'BOOLEAN', 'TIMESTAMP', 'DATE', 'RECORD', 'JSON'];
const MODES = ['NULLABLE', 'REQUIRED', 'REPEATED'];
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,299}$/;
const RESERVED = /^(_TABLE_|_FILE_|_PARTITION|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER|_CHANGE_)/i;
const MAX_DEPTH = 15;
const MAX_DESCRIPTION = 1024;

/** The fields of a schema resource, as strict as BigQuery or stricter. */
export function parseSchema(value: unknown): Field[] {
  const schema = asObject(value, 'schema');
  onlyKeys(schema, 'schema', ['fields']);
  return parseFields(schema['fields'], 1);
}

function parseFields(value: unknown, depth: number): Field[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid('Schema has no fields');
  if (depth > MAX_DEPTH) throw invalid('Nested more than 15 levels deep');
  const seen = new Set<string>();
  return value.map((it: unknown) => {
    const field = parseField(it, depth);
    const name = field.name.toLowerCase();
    if (seen.has(name)) throw invalid(`Duplicate field name: ${field.name}`);
    seen.add(name);
    return field;
  });
}

function parseField(value: unknown, depth: number): Field {
  const field = asObject(value, 'field');
  onlyKeys(field, 'field', ['name', 'type', 'mode', 'description', 'fields']);
  const { description, fields } = field;
  const name = checkedName(field['name']);
  const type = oneOf(TYPES, field['type'], `type of ${name}`);
  const mode = oneOf(MODES, field['mode'] ?? 'NULLABLE', `mode of ${name}`);
  if (type === 'JSON' && mode === 'REPEATED') throw invalid(`Field ${name}: REPEATED JSON`);
  if ((type === 'RECORD') !== (fields !== undefined))
    throw invalid(`Field ${name}: RECORD, fields`);
  return {
    name,
    type,
    mode,
    ...(description === undefined ? {} : { description: checkedDescription(description, name) }),
    ...(fields === undefined ? {} : { fields: parseFields(fields, depth + 1) }),
  };
}

function checkedName(name: unknown): string {
  if (typeof name === 'string' && NAME.test(name) && !RESERVED.test(name)) return name;
  throw invalid(`Invalid field name "${String(name)}"`);
}

function checkedDescription(description: unknown, name: string): string {
  if (typeof description === 'string' && description.length <= MAX_DESCRIPTION) return description;
  throw invalid(`The description for field ${name} is too long`);
}

function oneOf(values: readonly string[], value: unknown, what: string): string {
  if (typeof value === 'string' && values.includes(value)) return value;
  throw invalid(`Invalid value for ${what}: ${String(value)} is not a valid value`);
}

/** What a patch may do to a schema: add at the end, relax, describe. */
export function checkPatch(before: readonly Field[], after: readonly Field[], path = ''): void {
  before.forEach((field, at) => {
    const now = after[at];
    const name = `${path}${field.name}`;
    if (now?.name !== field.name) {
      throw invalid(`Provided Schema does not match Table. Field ${name} is missing in new schema`);
    }
    if (now.type !== field.type) {
      throw invalid(`Field ${name} has changed type from ${field.type} to ${now.type}`);
    }
    const isRelaxed = field.mode === 'REQUIRED' && now.mode === 'NULLABLE';
    if (now.mode !== field.mode && !isRelaxed) {
      throw invalid(`Field ${name} has changed mode from ${field.mode} to ${now.mode}`);
    }
    checkPatch(field.fields ?? [], now.fields ?? [], `${name}.`);
  });
  for (const added of after.slice(before.length)) {
    if (added.mode === 'REQUIRED') {
      throw invalid(`Cannot add required fields to an existing schema. (field: ${added.name})`);
    }
  }
}
