// SPDX-License-Identifier: LGPL-2.1-or-later
// What the player's page reports when something is wrong, and how it recovers.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const SHORT_WATCH_S = 3;
const message = (watcher) => watcher.page.textContent('#message');

export const comesTo = (watcher, state) => eventually(async () =>
  (await watcher.page.evaluate(() => document.body.dataset.state)) === state,
`the page is ${state}`);

async function saysWhoIsMissing(world) {
  const { gateway, publishers } = world;
  await watching(world, gateway.watchUrl('absent'), async (watcher) => {
    await comesTo(watcher, 'waiting');
    assert.match(await message(watcher), /Nobody publishes/);
    await publishing(publishers.ffmpeg(gateway, 'absent'), () =>
      comesTo(watcher, 'playing'));
    await comesTo(watcher, 'waiting');
    assert.match(await message(watcher), /publisher sends nothing/);
    await watcher.page.screenshot({ path: join(world.folder, 'waiting.png') });
    await publishing(publishers.ffmpeg(gateway, 'absent'), () =>
      comesTo(watcher, 'playing'));
  });
}

// As on a phone in power-saving mode, until it is touched.
export function blockPlayback() {
  const { play } = HTMLMediaElement.prototype;
  let isTouched = false;
  addEventListener('click', () => { isTouched = true; }, true);
  addEventListener('DOMContentLoaded', () =>
    document.querySelector('video').removeAttribute('autoplay'));
  HTMLMediaElement.prototype.play = function playWhenTouched() {
    return isTouched ? play.call(this)
      : Promise.reject(new DOMException('', 'NotAllowedError'));
  };
}

async function startsAtATap(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'blocked'), async (publisher) => {
    await gateway.hasStream('blocked');
    await watching(world, gateway.watchUrl('blocked'), async (watcher) => {
      await comesTo(watcher, 'blocked');
      await watcher.page.click('#action');
      await comesTo(watcher, 'playing');
      await watcher.sees(publisher.picture,
        join(world.folder, 'tapped.png'));
    }, blockPlayback);
  });
}

async function turnsSoundOn(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'sound'), async () => {
    await gateway.hasStream('sound');
    await watching(world, gateway.watchUrl('sound'), async (watcher) => {
      const isMuted = () => watcher.page.evaluate(
        () => document.querySelector('video').muted);
      await comesTo(watcher, 'playing');
      assert.equal(await isMuted(), true);
      await watcher.page.click('#sound');
      assert.equal(await isMuted(), false);
      await eventually(async () =>
        (await watcher.page.textContent('#sound')) === 'Sound off',
      'the label names the next action');
      await eventually(async () =>
        /\d+ fps .* kbit/.test(await watcher.page.textContent('#stats')),
      'the figures are shown');
    });
  });
}

// Runs in a page before its scripts.
function keepCopied() {
  Object.defineProperty(navigator, 'clipboard', { value: {
    writeText: async (text) => { window.copied = text; },
  } });
}

// What is copied without navigator.clipboard, as on a page without HTTPS.
function keepCopiedTheOldWay() {
  Object.defineProperty(navigator, 'clipboard', { value: undefined });
  addEventListener('copy', () => {
    window.copied = document.activeElement.value;
  });
}

async function copiesDiagnostics(world, prepare) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'copied'), async () => {
    await gateway.hasStream('copied');
    await watching(world, gateway.watchUrl('copied'), async (watcher) => {
      await comesTo(watcher, 'playing');
      await watcher.page.click('#more summary');
      await watcher.page.click('#copy');
      await eventually(async () =>
        (await watcher.page.textContent('#toast')) === 'Copied',
      'the page reports the copy');
      const text = await watcher.page.evaluate(() => window.copied);
      assert.match(text, /^stream: live\/copied\n/);
      assert.match(text, /browser: .*Chrome/);
      assert.match(text, /--- offer\nv=0\r?\n[^]*a=recvonly/);
      assert.match(text, /--- answer\nv=0\r?\n[^]*a=sendonly/);
      assert.match(text, /type=inbound-rtp.*framesDecoded=\d/);
      assert.doesNotMatch(text, /ice-pwd:(?!x+\r?\n)/,
        'a secret of the session');
    }, prepare);
  });
}

const copiesByClipboard = (world) => copiesDiagnostics(world, keepCopied);
const copiesTheOldWay = (world) =>
  copiesDiagnostics(world, keepCopiedTheOldWay);

async function mendsItsConnection(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'mended'), async () => {
    await gateway.hasStream('mended');
    await watching(world, gateway.watchUrl('mended'), async (watcher) => {
      await comesTo(watcher, 'playing');
      const methods = [];
      watcher.page.on('request', (request) => methods.push(request.method()));
      const [before] = await eventually(async () => {
        const viewers = await gateway.viewers('mended');
        return viewers.length > 0 && viewers;
      }, 'the viewer is counted');
      const restarted = watcher.page.waitForResponse(
        (response) => response.request().method() === 'PATCH');
      await watcher.page.evaluate(() => dispatchEvent(new Event('online')));
      assert.equal((await restarted).status(), 200);
      await watcher.playsSmoothly(SHORT_WATCH_S);
      assert.ok(!methods.includes('POST'), 'the session is another one');
      const [after] = await gateway.viewers('mended');
      assert.equal(after.viewer, before.viewer);
      assert.equal(after.jumps, before.jumps);
    });
  });
}

async function saysWhoMayWatch(world) {
  const { publishers } = world;
  const keys = join(world.folder, 'view-keys');
  writeFileSync(keys, 'live/guarded open\n');
  const gateway = await world.startGateway({ name: 'guarded',
    options: [`VIEW_KEYS=${keys}`] });
  try {
    await publishing(publishers.ffmpeg(gateway, 'guarded'), async () => {
      await gateway.hasStream('guarded', '?token=open');
      assert.deepEqual(await gateway.streams(), []);
      const url = gateway.watchUrl('guarded');
      await watching(world, url, async (watcher) => {
        await comesTo(watcher, 'refused');
        assert.match(await message(watcher), /not public/);
        await watcher.page.goto(`${url}?token=shut`);
        await comesTo(watcher, 'refused');
        assert.match(await message(watcher), /isn’t valid for this stream/);
        await watcher.page.goto(`${url}?token=open`);
        await comesTo(watcher, 'playing');
      });
    });
  } finally {
    await gateway.stop();
  }
}

// Ends one gateway by @end, and starts another at its ports.
async function outlives(world, name, end) {
  const { publishers } = world;
  const first = await world.startGateway({ name: `${name}-first` });
  let second = null;
  try {
    await publishing(publishers.ffmpeg(first, name), async () => {
      await first.hasStream(name);
      await watching(world, first.watchUrl(name), async (watcher) => {
        await comesTo(watcher, 'playing');
        await end(first);
        await comesTo(watcher, 'lost');
        second = await world.startGateway({ ...first, name: `${name}-again` });
        await publishing(publishers.ffmpeg(second, name), () =>
          comesTo(watcher, 'playing'));
      });
    });
  } finally {
    await first.stop();
    if (second !== null) {
      await second.stop();
    }
  }
}

async function outlivesGoodbye(world) {
  await outlives(world, 'stopped', (gateway) => gateway.stop());
}

async function outlivesCrash(world) {
  await outlives(world, 'crashed', (gateway) => gateway.process.die());
}

export const pageCases = [
  ['the page says that nobody publishes, and starts by itself',
    saysWhoIsMissing],
  ['blocked playback starts at a tap', startsAtATap],
  ['sound is turned on by a button', turnsSoundOn],
  ['diagnostics are copied', copiesByClipboard],
  ['diagnostics are copied without HTTPS as well', copiesTheOldWay],
  ['the page restarts ICE and keeps its session', mendsItsConnection],
  ['the page says why a viewer may not watch', saysWhoMayWatch],
  ['the page recovers when the gateway is restarted', outlivesGoodbye],
  ['the page recovers when the gateway crashes', outlivesCrash],
];
