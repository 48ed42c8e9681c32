// The rules of docs and style in machine form. Boundaries between projects are in .dependency-cruiser.cjs.
import tseslint from 'typescript-eslint';

const SPECS = ['**/*.spec.ts', '**/testing/**/*.ts', 'test/**/*.ts'];
const CORE = '{contracts,libs/kernel,libs/messaging,libs/workflow,libs/saga}/src/**/*.ts';

const budgets = {
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  'max-depth': ['error', 3],
  'max-params': ['error', 4],
  complexity: ['error', 8],
};

const plainHabits = {
  eqeqeq: 'error',
  'no-console': 'error',
  'no-empty': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
};

const typedHabits = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  '@typescript-eslint/naming-convention': [
    'error',
    {
      selector: 'typeLike',
      format: ['PascalCase'],
      custom: { regex: '^I[A-Z][a-z]|(Impl|Manager|Helper|Helpers|Util|Utils|Common)$', match: false },
    },
  ],
};

const world = 'comes through World of @aura/kernel, so that the simulation can hold it.';
const pure = {
  'no-restricted-globals': [
    'error',
    ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map((name) => ({
      name,
      message: `Time ${world}`,
    })),
    ...['process', 'Buffer', 'require', '__dirname', '__filename', 'performance', 'crypto'].map((name) => ({
      name,
      message: 'A core lib knows no platform: take it as an argument or use an adapter.',
    })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: `Time ${world}` },
    { object: 'Math', property: 'random', message: `Randomness ${world}` },
    ...['Date', 'Math', 'process', 'setTimeout', 'setInterval', 'setImmediate', 'crypto'].map((property) => ({
      object: 'globalThis',
      property,
      message: `What the platform gives ${world}`,
    })),
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: `Time ${world}` },
    { selector: "CallExpression[callee.name='Date']", message: `Time ${world}` },
  ],
  'no-restricted-imports': [
    'error',
    { patterns: [{ regex: '^node:', message: 'Core libs import nothing of Node.' }] },
  ],
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.aura/**',
      'coverage/**',
      'test/boundaries/**/*.fixture.ts',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...budgets, ...plainHabits, ...typedHabits },
  },
  { files: [CORE], ignores: SPECS, rules: pure },
  { files: SPECS, rules: { 'max-lines-per-function': 'off' } },
  { files: ['apps/cli/src/**/*.ts', 'test/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.{mjs,cjs,js}'],
    languageOptions: { ecmaVersion: 2024 },
    rules: { ...budgets, ...plainHabits, 'no-console': 'off' },
  },
);
