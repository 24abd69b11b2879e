import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

const PURE = ['src/clean/**/*.ts', 'src/tables/**/*.ts', 'src/boards/**/*.ts'];
const IMPURE_SYNTAX = [
  ["CallExpression[callee.object.name='Date'][callee.property.name='now']", 'no clock'],
  ["NewExpression[callee.name='Date'][arguments.length=0]", 'no clock'],
  ["CallExpression[callee.object.name='Math'][callee.property.name='random']", 'no randomness'],
  ['ImportDeclaration[source.value=/^node:(?!(?:crypto|vm)$)/]', 'no I/O'],
].map(([selector, why]) => ({ selector, message: `clean, tables and boards are pure: ${why}.` }));

export default tseslint.config(
  { ignores: ['dist', 'storage', 'test-results', 'playwright-report', 'tests/golden'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: [
            'eslint.config.js',
            '.dependency-cruiser.cjs',
            'bin/huggingface-etl.js',
          ],
        },
      },
    },
    rules: {
      eqeqeq: 'error',
      complexity: ['error', 12],
      'no-else-return': 'error',
      'max-params': ['error', 3],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    // Names, pages and metadata are attackers' text: no expression may hold the process.
    files: ['src/**/*.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': 'error',
    },
  },
  {
    files: PURE,
    rules: {
      'no-restricted-globals': ['error', 'fetch', 'process', 'setTimeout', 'console'],
      'no-restricted-syntax': ['error', ...IMPURE_SYNTAX],
    },
  },
  {
    files: ['tests/**/*.ts', 'tests/**/*.tsx', 'demo/**/*.ts', 'demo/**/*.tsx', 'scripts/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', 400] },
  },
  {
    files: ['eslint.config.js', '.dependency-cruiser.cjs'],
    ...tseslint.configs.disableTypeChecked,
  },
);
