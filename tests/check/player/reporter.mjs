// SPDX-License-Identifier: LGPL-2.1-or-later
// TAP, with the reason of a failure before its verdict, as in our other tests.

export default async function* report(events) {
  let nCases = 0;
  for await (const { type, data } of events) {
    if (data.nesting === 0 && (type === 'test:pass' || type === 'test:fail')) {
      const { error } = data.details;
      nCases += 1;
      for (const line of error ? String(error.cause?.stack ?? error.cause
        ?? error).split('\n') : []) {
        yield `# ${line}\n`;
      }
      yield `${error ? 'not ' : ''}ok ${nCases} - ${data.name}\n`;
    }
  }
  yield `1..${nCases}\n`;
}
