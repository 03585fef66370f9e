// SPDX-License-Identifier: LGPL-2.1-or-later
// A stream on pages of other sites: a frame, the element, and the element with
// another WHEP server.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { MediaMtx } from '../support/mediamtx.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

// What docs/embedding.md asks of a page's own policy, without anything inline.
const policyFor = (origin) => `default-src 'none'; frame-src ${origin}; `
  + `script-src ${origin}; connect-src *; media-src blob:`;

// A site of another origin whose only page has that body.
async function onSite(policy, body, look) {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy });
    response.end(`<!DOCTYPE html><title>Site</title>${body}`);
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    await look(`http://localhost:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

// Runs in a page or a frame: the video of the element.
const played = () => {
  const element = document.querySelector('whep-player');
  const video = element && element.video;
  return video ? { width: video.videoWidth, time: video.currentTime,
    isMuted: video.muted, hasControls: video.controls,
    fit: video.style.objectFit, state: element.state } : {};
};

const plays = (target) => eventually(async () => {
  const { width, time, state } = await target.evaluate(played);
  return width > 0 && time > 0 && state === 'playing';
}, 'the element plays');

async function framePlays(world) {
  const { gateway, publishers } = world;
  const frame = `<iframe src="${gateway.url}/embed/live/framed?controls=0`
    + '&fit=cover" width="640" height="360"></iframe>';
  await publishing(publishers.ffmpeg(gateway, 'framed'), async (publisher) => {
    await gateway.hasStream('framed');
    await onSite(policyFor(gateway.url), frame, (url) =>
      watching(world, url, async (watcher) => {
        const inner = await eventually(() => watcher.page.frames()[1],
          'the frame is there');
        await plays(inner);
        const { isMuted, hasControls, fit } = await inner.evaluate(played);
        assert.deepEqual([isMuted, hasControls, fit], [true, false, 'cover']);
        assert.equal(await inner.title(), 'live/framed');
        const png = await watcher.page.locator('iframe').screenshot(
          { path: join(world.folder, 'framed.png') });
        const [[, , colour]] = publisher.picture;
        const [seen] = await watcher.coloursOf(png, [[0.2, 0.2]]);
        assert.ok(seen.every((part, i) => Math.abs(part - colour[i]) < 60),
          `${seen}`);
      }));
  });
}

// Runs in the page: the types of the element's events so far.
const keepEvents = () => {
  window.heard = [];
  const follow = (element) => {
    for (const type of ['playing', 'stalled', 'ended', 'error']) {
      element.addEventListener(type, () => window.heard.push(type));
    }
  };
  new MutationObserver((records, observer) => {
    const element = document.querySelector('whep-player');
    if (element) {
      observer.disconnect();
      follow(element);
    }
  }).observe(document, { childList: true, subtree: true });
};

const element = (gateway, src, rest = '') =>
  `<script type="module" src="${gateway.url}/whepplayer.js"></script>`
  + `<whep-player src="${src}" autoplay muted ${rest}></whep-player>`;

async function elementPlays(world) {
  const { gateway, publishers } = world;
  const body = element(gateway, `${gateway.url}/whep/live/element`);
  const nViewers = async () => (await gateway.stream('element'))?.viewers;
  await onSite(policyFor(gateway.url), body, (url) =>
    watching(world, url, async ({ page }) => {
      const isState = (state) => eventually(async () =>
        (await page.evaluate(played)).state === state, `it is ${state}`);
      await isState('waiting');
      await publishing(publishers.ffmpeg(gateway, 'element'), async () => {
        await plays(page);
        await page.evaluate(() =>
          document.querySelector('whep-player').pause());
        await eventually(async () => (await nViewers()) === 0, 'it has left');
        await page.evaluate(() =>
          document.querySelector('whep-player').play());
        await eventually(async () => (await nViewers()) === 1, 'it is back');
        await plays(page);
      });
      await isState('waiting');
      const heard = await page.evaluate(() => window.heard);
      assert.deepEqual([heard[0], heard.includes('stalled'),
        heard.includes('error')], ['playing', true, false]);
    }, keepEvents));
}

// The media is the gateway's; the signalling is that of MediaMTX. Without
// ice-lite, so that the browser has to send its candidates.
async function viaGateway(gateway, path, offer) {
  const response = await fetch(`${gateway.url}/whep/live/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: offer,
  });
  if (response.status !== 201) {
    return null;
  }
  const session = new URL(response.headers.get('Location'), response.url);
  const sdp = (await response.text()).replace(/^a=ice-lite\r\n/m, '');
  return { sdp, end: () => fetch(session, { method: 'DELETE' }) };
}

async function otherServerPlays(world) {
  const { gateway, publishers } = world;
  const server = await MediaMtx.start(
    (path, offer) => viaGateway(gateway, path, offer), { token: 'anna:key' });
  // By way of a redirect.
  const body = element(gateway, `${server.url}/other/moved`,
    'token="anna:key"');
  try {
    await onSite(policyFor(gateway.url), body, (url) =>
      watching(world, url, async ({ page }) => {
        await eventually(async () =>
          (await page.evaluate(played)).state === 'waiting', 'it waits');
        await publishing(publishers.ffmpeg(gateway, 'other'), async () => {
          await plays(page);
          await eventually(() => /^a=candidate:.*^a=end-of-candidates/ms
            .test(server.fragments.join('')), 'the candidates have come');
          await page.evaluate(() =>
            document.querySelector('whep-player').remove());
          await eventually(() => server.sessions.size === 0, 'it has left');
        });
      }));
  } finally {
    await server.stop();
  }
}

// Each file that one of the package's own imports, from what it exports on.
function missingIn({ root }, packed) {
  const folder = join(root, 'ext', 'whep', 'player');
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json')));
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) {
      return;
    }
    seen.add(name);
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, file] of text.matchAll(/'\.\/([\w.-]+\.js)'/g)) {
      visit(file);
    }
  };
  Object.values(exports).forEach((path) => visit(posix.normalize(path)));
  assert.ok(seen.size > 5, 'no imports are found');
  return [...seen].filter((name) => !packed.includes(name));
}

async function packageIsComplete(world) {
  const [{ files }] = JSON.parse(execFileSync('npm',
    ['pack', '--dry-run', '--json', '--offline'],
    { cwd: join(world.root, 'ext', 'whep', 'player'), encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'] }));
  const packed = files.map(({ path }) => path);
  assert.deepEqual(missingIn(world, packed), []);
  assert.deepEqual(packed.filter((path) => !/\.js$/.test(path)).sort(),
    ['README.md', 'package.json']);
  for (const page of ['embed.js', 'list.js', 'watch.js']) {
    assert.ok(!packed.includes(page), `${page} is a page's own`);
  }
}

export const embeddingCases = [
  ['a stream plays in a frame of another site', framePlays],
  ['<whep-player> plays on another site, pauses and returns', elementPlays],
  ['<whep-player> plays from MediaMTX', otherServerPlays],
  ['the npm package has all that it imports', packageIsComplete],
];
