import tseslint from 'typescript-eslint';

/** Which of our folders a folder may import, beside itself. `docs/architecture.md` says why. */
const MAY_IMPORT = {
  'src/api': ['errors'],
  'src/storage': ['errors'],
  'src/crawlers': ['errors', 'api', 'storage'],
  'src/clean': ['tables'],
  'src/tables': [],
  'src/export': ['errors', 'storage', 'clean', 'tables'],
};
const STAGES = ['api', 'storage', 'crawlers', 'clean', 'tables', 'export', 'cli'];
const TOP = ['config', 'pipeline', 'log', 'main'];

const boundary = ([folder, allowed]) => {
  const own = folder.split('/')[1];
  const denied = [...STAGES, ...TOP, 'errors'].filter((it) => it !== own && !allowed.includes(it));
  return {
    files: [`${folder}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${denied.join('|')})(/|\\.ts$)`,
              message: `${folder} may not import this: see docs/architecture.md.`,
            },
            {
              regex: '^(\\.\\./)+tests/',
              message: 'src may not import tests: see docs/architecture.md.',
            },
          ],
        },
      ],
    },
  };
};

const PURE = ['src/clean/**/*.ts', 'src/tables/**/*.ts'];
const IMPURE_SYNTAX = [
  ["CallExpression[callee.object.name='Date'][callee.property.name='now']", 'no clock'],
  ["NewExpression[callee.name='Date'][arguments.length=0]", 'no clock'],
  ["CallExpression[callee.object.name='Math'][callee.property.name='random']", 'no randomness'],
  ['ImportDeclaration[source.value=/^node:(?!crypto$)/]', 'no I/O'],
].map(([selector, why]) => ({ selector, message: `clean and tables are pure: ${why}.` }));

export default tseslint.config(
  { ignores: ['dist', 'storage', 'test-results', 'playwright-report', 'tests/golden'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js'] } },
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
  ...Object.entries(MAY_IMPORT).map(boundary),
  {
    files: PURE,
    rules: {
      'no-restricted-globals': ['error', 'fetch', 'process', 'setTimeout', 'console'],
      'no-restricted-syntax': ['error', ...IMPURE_SYNTAX],
    },
  },
  {
    files: ['tests/**/*.ts', 'tests/**/*.tsx', 'scripts/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': ['error', 400] },
  },
  { files: ['eslint.config.js'], ...tseslint.configs.disableTypeChecked },
);
