#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Drives Firefox ESR by remote.mjs' lines of JSON:
//
//     firefox-driver.mjs HOME PREFS PREPARE
//
// HOME is an empty folder, PREFS an object of about:config as JSON.

import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';

const PREFS = {
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
};

const [home, prefs, prepare] = process.argv.slice(2);
const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: '/usr/bin/firefox-esr',
  headless: true,
  protocol: 'webDriverBiDi',
  acceptInsecureCerts: true,
  extraPrefsFirefox: { ...PREFS, ...JSON.parse(prefs) },
  env: { ...process.env, HOME: home },
});
let page;
let other;
let preparation;

// See remote.mjs.
const replies = {
  url: async (url) => {
    await page.goto(url);
  },
  script: (script) => page.evaluate(script),
  prepare: async (script) => {
    if (preparation) {
      await page.removeScriptToEvaluateOnNewDocument(preparation.identifier);
    }
    preparation = script && await page.evaluateOnNewDocument(script);
  },
  hidden: async (isHidden) => {
    if (isHidden) {
      other = await browser.newPage();
      await other.bringToFront();
    } else {
      await other.close();
      await page.bringToFront();
    }
  },
};

try {
  page = await browser.newPage();
  await page.evaluateOnNewDocument(prepare);
  for await (const line of createInterface({ input: process.stdin })) {
    const [[kind, question]] = Object.entries(JSON.parse(line));
    let answer;
    try {
      answer = { value: await replies[kind](question) ?? null };
    } catch (error) {
      answer = { error: String(error.stack) };
    }
    console.log(JSON.stringify(answer));
  }
} finally {
  await browser.close();
}
