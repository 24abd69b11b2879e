/**
 * Who may import whom (docs/architecture.md says why). A room may use itself, what stands beside its
 * name here, and `errors`; types count as imports.
 */
const ROOMS = {
  tables: [],
  clean: ['tables'],
  boards: ['clean', 'tables'],
  api: [],
  storage: [],
  crawlers: ['api', 'boards', 'storage'],
  export: ['storage', 'clean', 'tables', 'boards'],
  report: ['export', 'tables'],
  pipeline: [
    'api',
    'boards',
    'crawlers',
    'export',
    'report',
    'storage',
    'clean',
    'tables',
    'config',
    'log',
  ],
};

const rooms = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `${room}-imports-only-its-own`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^(src|demo|tests|scripts)/',
    pathNot: `^src/(${[room, 'errors', ...allowed].join('|')})(/|\\.ts$)`,
  },
}));

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'only-four-files-in-src-itself',
      severity: 'error',
      from: { path: '^src/(?!(main|config|errors|log)\\.ts$)[^/]+$' },
      to: {},
    },
    {
      name: 'config-errors-log-know-no-room',
      severity: 'error',
      from: { path: '^src/(config|errors|log)\\.ts$' },
      to: { path: '^src/', pathNot: '^src/errors\\.ts$' },
    },
    {
      name: 'main-starts-cli-and-no-more',
      severity: 'error',
      from: { path: '^src/main\\.ts$' },
      to: { path: '^src/(?!cli/)' },
    },
    {
      name: 'src-uses-no-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tests|scripts)/' },
    },
    {
      name: 'what-demo-serves-knows-nothing-of-the-program',
      severity: 'error',
      from: { path: '^demo/' },
      to: { path: '^(src|tests|scripts)/', pathNot: '^src/errors\\.ts$' },
    },
    {
      name: 'nothing-in-src-is-for-tests-only',
      severity: 'error',
      // The program, and what a package that uses this one may import.
      from: { path: '^src/(main|library/index)\\.ts$' },
      to: { path: '^src/(?!(main|library/index)\\.ts$|.*\\.d\\.ts$)', reachable: false },
    },
    ...rooms,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|storage|demo/open-llm/app|tests/replica/.*/app)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.json'] },
  },
};
