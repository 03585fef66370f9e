// SPDX-License-Identifier: LGPL-2.1-or-later
// ESLint's rules for the player's pages and for the tests' scripts.

import js from '@eslint/js';
import globals from 'globals';

const OUR_RULES = {
  'eqeqeq': 'error',
  'no-else-return': 'error',
  'no-shadow': 'error',
  'no-unused-vars': ['error', { caughtErrors: 'none',
    ignoreRestSiblings: true }],
  'no-use-before-define': ['error', { functions: false, classes: false,
    variables: false }],
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
};

export default [
  js.configs.recommended,
  { rules: OUR_RULES,
    linterOptions: { reportUnusedDisableDirectives: 'error' } },
  // The syntax of the oldest browsers that play: ES2018, and import.meta.
  {
    files: ['ext/whep/player/*.js'],
    languageOptions: { ecmaVersion: 2020, sourceType: 'module',
      globals: globals.browser },
    rules: {
      'curly': ['error', 'multi', 'consistent'],
      'no-restricted-syntax': ['error', 'ChainExpression', 'ImportExpression',
        'LogicalExpression[operator="??"]'],
    },
  },
  // Some scripts contain functions that run in a page, or in its AudioWorklet.
  {
    files: ['tests/**/*.mjs'],
    languageOptions: { ecmaVersion: 2022, sourceType: 'module',
      globals: { ...globals.node, ...globals.browser,
        ...globals.audioWorklet } },
    rules: { 'curly': 'error' },
  },
];
