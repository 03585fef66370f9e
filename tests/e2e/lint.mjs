#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks the JavaScript of the pages and of the tests by ESLint. Prints TAP.

import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

const FILES = ['ext/whep/player/*.js', 'tests/**/*.mjs'];
const folder = dirname(fileURLToPath(import.meta.url));
const root = resolve(folder, '..', '..');

// What ESLint must find, or it does not check what it should.
const WRONG = [
  ['an undefined variable', 'tests/e2e/x.mjs', 'nothing();\n'],
  ['an unused variable', 'tests/e2e/x.mjs', 'const a = 1;\n'],
  ['a syntax that old browsers lack', 'ext/whep/player/x.js',
    'export const a = (b) => b?.c;\n'],
];

let nCases = 0;
let nFailed = 0;

function verdict(claim, messages) {
  nCases += 1;
  for (const { line, column, message, ruleId } of messages) {
    console.log(`# ${line}:${column}: ${message} (${ruleId ?? 'syntax'})`);
  }
  nFailed += messages.length > 0 ? 1 : 0;
  console.log(`${messages.length > 0 ? 'not ' : ''}ok ${nCases} - ${claim}`);
}

const eslint = new ESLint({ cwd: root,
  overrideConfigFile: resolve(folder, 'eslint.config.mjs') });
for (const [what, filePath, code] of WRONG) {
  const [{ errorCount }] = await eslint.lintText(code,
    { filePath: resolve(root, filePath) });
  verdict(`ESLint finds ${what}`, errorCount === 1 ? [] :
    [{ line: 1, column: 1, message: `${errorCount} errors` }]);
}
for (const { filePath, messages } of await eslint.lintFiles(FILES)) {
  verdict(`${relative(root, filePath)} passes ESLint`, messages);
}
console.log(`1..${nCases}`);
process.exit(nFailed > 0 ? 1 : 0);
