import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { isDatasetId, nameSource, parseSource } from '../../../src/boards/benchmark-source.ts';
import { readEvalYaml } from '../../../src/boards/eval-yaml.ts';

const tasks = (text: string): string[] | null => readEvalYaml(text)?.tasks ?? null;

test('the tasks of a file as benchmarks write it', () => {
  const text = `# yaml file for compatibility with inspect-ai
name: GPQA
description: >
  A multiple-choice dataset. Not a task:
    - id: nothing

evaluation_framework: inspect-ai # the program

tasks:
  - id: diamond
    config: gpqa_diamond

    field_spec:
      target: "literal:D"
      choices:
        - "Incorrect Answer 1"
    solvers:
    - name: system_message
      args:
        template: |
          tasks:
            - id: nor this
  # - id: commented
  - config: gpqa_main
    id: 'main' # its name
  - id: "ex\\u0074ended"
languages:
- en
`;
  expect(readEvalYaml(text)).toEqual({
    tasks: ['diamond', 'main', 'extended'],
    framework: 'inspect-ai',
  });
  expect(tasks(text.replaceAll('\n', '\r\n'))).toEqual(['diamond', 'main', 'extended']);
});

test('a file without tasks has none; one whose tasks cannot all be named is refused whole', () => {
  for (const text of [
    '',
    'name: X\n',
    'tasks: []\n',
    'tasks:\n',
    '---\ntasks: # none\n',
    'tasks: null',
  ]) {
    expect(tasks(text), text).toEqual([]);
  }
  const refused = [
    'tasks: *other',
    'tasks:\n  - id: a\n  - *x',
    'tasks:\n  - id: a\n  - name: b',
    'tasks:\n  - id: a\n    id: b',
    'tasks:\n  - id: a: b',
    'tasks:\n  - id:',
    'tasks:\n  - a',
    'tasks:\n  id: a',
    'tasks:\n\t- id: a',
    'tasks:\n  - id: a\ntasks:\n  - id: b',
    'tasks:\n  - id: a\n---\ntasks: []',
    'tasks: [{id: a}',
    '- tasks',
    '<html></html>',
  ];
  for (const text of refused) expect(tasks(text), text).toBeNull();
});

test('a text that would hold the parser for hours is given up', () => {
  expect(tasks('? '.repeat(700))).toBeNull();
  expect(tasks('- '.repeat(30_000))).toBeNull();
  expect(tasks(`${'a'.repeat(64_000)}: b`)).toBeNull();
});

test('the same in any form that YAML has', () => {
  for (const text of [
    'tasks: [{id: a}, {id: b}]',
    '{"tasks": [{"id": "a"}, {"id": "b"}]}',
    'tasks:\n  - &x\n    id: a\n  - id: |-\n      b',
    'tasks:\n  - *x\n'.replace('*x', '{id: a}') + '  - id: "b"',
  ]) {
    expect(tasks(text), text).toEqual(['a', 'b']);
  }
});

test('ids of any text are read back, however the file is laid out', () => {
  const quoted = (id: string): string => JSON.stringify(id);
  const id = fc
    .oneof(fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/), fc.string({ minLength: 1, maxLength: 12 }))
    .filter((it) => !/[\u007f-\u009f\u2028\u2029\ufeff]/.test(it));
  const item = fc.record({
    id,
    dash: fc.nat({ max: 3 }),
    before: fc.boolean(),
    comment: fc.boolean(),
  });
  const layout = fc.record({ indent: fc.nat({ max: 4 }), items: fc.array(item, { maxLength: 6 }) });
  fc.assert(
    fc.property(layout, ({ indent, items }) => {
      const lines = items.flatMap(({ id: name, dash, before, comment }) => {
        const start = `${' '.repeat(indent)}-${' '.repeat(dash + 1)}`;
        const inner = ' '.repeat(start.length);
        const own = `id: ${quoted(name)}${comment ? ' # note' : ''}`;
        return before
          ? [`${start}config: x`, `${inner}${own}`]
          : [`${start}${own}`, `${inner}split: y`, `${inner}  more`];
      });
      const text = ['name: X', 'tasks:', ...lines, 'version: 1'].join('\n');
      expect(tasks(text)).toEqual([...new Set(items.map((it) => it.id))]);
    }),
    { seed: 9, numRuns: 150 },
  );
});

test('any text gives tasks or null, in time', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(...'tasks:-id "\'#\n\t&*[]{}|>'.split(''), 'tasks:\n', '  - id: '),
      }),
      (text) => {
        const found = readEvalYaml(text);
        expect(found === null || Array.isArray(found.tasks)).toBe(true);
      },
    ),
    { seed: 10, numRuns: 200 },
  );
  // Of this process alone: the machine may be busy. What is quadratic takes minutes here.
  const before = process.cpuUsage();
  for (const line of [
    `a${' '.repeat(100_000)}b`,
    `tasks:\n  - id: a${' '.repeat(100_000)}b`,
    `tasks:\n${'  - id: a\n'.repeat(10_000)}`,
    '"'.repeat(100_000),
    'a:'.repeat(200_000),
  ]) {
    readEvalYaml(line);
  }
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(60);
});

test('names of sources are read back', () => {
  expect(nameSource({ kind: 'list' })).toBe('benchmarks');
  const task = fc.option(fc.string());
  fc.assert(
    fc.property(fc.constantFrom('a', 'a/b', 'a.b/c-d_e'), task, (id, name) => {
      expect(isDatasetId(id)).toBe(true);
      const source = { kind: 'board', id, task: name } as const;
      expect(parseSource(nameSource(source))).toEqual(source);
      expect(parseSource(nameSource({ kind: 'eval', id }))).toEqual({ kind: 'eval', id });
    }),
    { seed: 11 },
  );
  for (const id of ['', '..', '../x', 'a/..', 'a/b/c', 'a b', 'a/b?x', 'a#b', '/a']) {
    expect(isDatasetId(id), id).toBe(false);
  }
});
