#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Opens a page of some gateway in Chromium, and prints how many frames of a few
// seconds were decoded, as JSON:
//
//     tests/e2e/look.mjs http://HOST:8080/watch/live/cam

import { startBrowser, watching } from './watcher.mjs';

const SECONDS = 3;

const [url] = process.argv.slice(2);
const browser = await startBrowser();
try {
  await watching({ browser }, url, async (watcher) => {
    await watcher.showsPicture();
    console.log(JSON.stringify(await watcher.playsWhatIsEncoded(SECONDS)));
  });
} finally {
  await browser.close();
}
