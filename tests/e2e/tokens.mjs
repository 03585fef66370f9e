// SPDX-License-Identifier: LGPL-2.1-or-later
// JSON Web Tokens, signed here: by RTMP, by HTTP and in the page's address.

import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { comesTo } from './page.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const SHORT_WATCH_S = 2;
const HOUR_S = 3600;

const encode = (value) => Buffer.from(value).toString('base64url');

// @key: { alg, privateKey }
export function tokenOf({ alg, privateKey }, claims) {
  const begun = `${encode(JSON.stringify({ alg, typ: 'JWT' }))}.${
    encode(JSON.stringify(claims))}`;
  const signature = sign('sha256', Buffer.from(begun),
    { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${begun}.${encode(signature)}`;
}

// An old key and a new one, as while keys are being replaced.
export function keysOf(path) {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(path, [rsa, ec].map(({ publicKey }) =>
    publicKey.export({ type: 'spki', format: 'pem' })).join(''));
  return { rsa: { alg: 'RS256', ...rsa }, ec: { alg: 'ES256', ...ec } };
}

// What each request of a page says of the token.
function leaksOf(page, token) {
  const leaks = [];
  page.on('request', (request) => {
    const { referer } = request.headers();
    if (request.url().includes(token) || referer) {
      leaks.push(`${request.method()} ${request.url()}, from ${referer}`);
    }
  });
  return leaks;
}

async function playsFromTheList(world, gateway, token) {
  await watching(world, `${gateway.url}/`, async (watcher) => {
    const { page } = watcher;
    const leaks = leaksOf(page, token);
    await page.waitForSelector('#empty:not([hidden])');
    await page.goto(`${gateway.url}/#token=${token}`);
    await page.click('.tile');
    await comesTo(watcher, 'playing');
    await watcher.playsSmoothly(SHORT_WATCH_S);
    assert.equal(page.url(), gateway.watchUrl('signed'));
    await page.reload();
    await comesTo(watcher, 'playing');
    await page.goto(`${gateway.url}/`);
    await page.waitForSelector('.tile');
    assert.ok(!(await page.content()).includes(token));
    assert.deepEqual(leaks, []);
  });
}

async function playsFromALink(world, gateway, { good, expired }) {
  const url = gateway.watchUrl('signed');
  await watching(world, url, async (watcher) => {
    await comesTo(watcher, 'refused');
    await watcher.page.goto(`${url}#token=${expired}`);
    await watcher.page.waitForFunction(() =>
      /has expired/.test(document.getElementById('message').textContent));
    await watcher.page.goto(`${url}#token=${good}`);
    await comesTo(watcher, 'playing');
    assert.equal(watcher.page.url(), url);
  });
}

async function admitsSignedTokens(world) {
  const { publishers } = world;
  const path = join(world.folder, 'jwt-keys');
  const { rsa, ec } = keysOf(path);
  const now = Math.floor(Date.now() / 1000);
  const publish = tokenOf(rsa, { publish: 'live/signed', exp: now + HOUR_S });
  const good = tokenOf(ec, { watch: 'live/*', exp: now + HOUR_S });
  const expired = tokenOf(ec, { watch: 'live/*', exp: now - HOUR_S });
  const gateway = await world.startGateway({ name: 'signed',
    options: [`--publish-jwt-keys=${path}`, `--view-jwt-keys=${path}`] });
  const rtmp = gateway.rtmpUrl('signed');
  try {
    const refused = publishers.ffmpeg(gateway, 'refused',
      { url: `${rtmp}?token=${good}` });
    await refused.process.ended;
    assert.match(refused.process.output, /not valid for this stream/);
    await publishing(publishers.ffmpeg(gateway, 'signed',
      { url: `${rtmp}?token=${publish}` }), async () => {
      await gateway.hasStream('signed', `?token=${good}`);
      assert.deepEqual(await gateway.streams(`?token=${expired}`), []);
      await playsFromTheList(world, gateway, good);
      await playsFromALink(world, gateway, { good, expired });
    });
    for (const token of [publish, good, expired]) {
      assert.ok(!gateway.process.output.includes(token));
    }
  } finally {
    await gateway.stop();
  }
}

export const tokenCases = [
  ['signed tokens publish and watch, and are seen nowhere',
    admitsSignedTokens],
];
