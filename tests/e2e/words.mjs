// SPDX-License-Identifier: LGPL-2.1-or-later
// What the pages tell people: how to go live, what is wrong, and nothing that
// is not so.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { haveNoWebCodecs, recordStates } from './inpage.mjs';
import { comesTo } from './page.mjs';
import { eventually, freePort } from './process.mjs';
import { publishing } from './publishers.mjs';
import { makeCertificate } from './rtmps.mjs';
import { watching } from './watcher.mjs';

// A small phone, and one of the smallest.
const PHONES = [{ width: 390, height: 844 }, { width: 320, height: 568 }];
const BUTTONS = ['#sound', '#more summary', '#full'];

const message = (watcher) => watcher.page.textContent('#message');

const saysText = (watcher, words) => eventually(async () =>
  words.test(await message(watcher)), `the page says ${words}`);

async function withGateway(world, params, look) {
  const gateway = await world.startGateway(params);
  try {
    await look(gateway);
  } finally {
    await gateway.stop();
  }
}

async function saysHowToGoLive(world) {
  const { key, certificate } = makeCertificate(world);
  const keys = join(world.folder, 'publish-keys-said');
  const tlsPort = await freePort();
  writeFileSync(keys, 'live/cam sesame\n');
  const servers = ({ page }) => page.locator('#servers code').allTextContents();
  await watching(world, `${world.gateway.url}/`, async (watcher) => {
    await watcher.page.waitForSelector('#servers code', { state: 'attached' });
    assert.deepEqual(await servers(watcher),
      [`rtmp://127.0.0.1:${world.gateway.rtmpPort}/live`]);
    assert.equal(await watcher.page.textContent('#key'), 'cam');
    assert.ok(await watcher.page.locator('#access').isHidden());
  });
  await withGateway(world, { name: 'said', options: [
    `PUBLISH_KEYS=${keys}`, `TLS_CERTIFICATE=${certificate}`,
    `TLS_KEY=${key}`, `RTMPS_PORT=${tlsPort}`] }, (gateway) =>
    watching(world, `${gateway.url}/`, async (watcher) => {
      await watcher.page.waitForSelector('#servers code');
      assert.deepEqual(await servers(watcher),
        [`rtmp://127.0.0.1:${gateway.rtmpPort}/live`,
          `rtmps://127.0.0.1:${tlsPort}/live`]);
      assert.equal(await watcher.page.textContent('#key'),
        'cam?token=SECRET');
      assert.match(await watcher.page.textContent('#access'), /a secret/);
      await watcher.page.screenshot({ path: join(world.folder, 'how.png') });
    }));
}

// @args: ffmpeg's, for what it encodes.
async function saysOfStream(world, gateway, name, args, look, prepare) {
  const publisher = { process: world.publishers.start(name, 'ffmpeg',
    ['-v', 'error', '-nostdin', ...args, '-f', 'flv',
      gateway.rtmpUrl(name)]) };
  await publishing(publisher, async () => {
    await gateway.hasStream(name);
    await watching(world, gateway.watchUrl(name), look, prepare);
  });
}

const SOUND = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440'];
const PICTURE = ['-re', '-f', 'lavfi', '-i', 'testsrc2=r=30:s=640x360'];

async function saysWhatIsWrongWithTheVideo(world) {
  await saysOfStream(world, world.gateway, 'sound-only',
    [...SOUND, '-c:a', 'aac'], async (watcher) => {
      await comesTo(watcher, 'sound');
      assert.equal(await message(watcher), 'This stream has sound only.');
      assert.ok(await watcher.page.locator('#live').isVisible());
    });
  await withGateway(world, { name: 'never', options: ['TRANSCODE=never'] },
    async (gateway) => {
      await saysOfStream(world, gateway, 'odd', [...PICTURE, ...SOUND,
        '-c:v', 'flv1', '-c:a', 'aac', '-ar', '44100'], async (watcher) => {
        await comesTo(watcher, 'sound');
        assert.match(await message(watcher),
          /picture \(Sorenson.*\) can’t be played: browsers can't decode it/);
      });
      await saysOfStream(world, gateway, 'odd-alone', [...PICTURE,
        '-c:v', 'flv1'], async (watcher) => {
        await saysText(watcher, /video \(Sorenson.*\) can't be played/);
        await comesTo(watcher, 'waiting');
      });
    });
}

const NEXT_FRAMES = ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2',
  '-b_strategy', '0'];

async function saysWhatBFramesDo(world) {
  await withGateway(world, { name: 'pass', options: ['B_FRAMES=pass'] },
    (gateway) => saysOfStream(world, gateway, 'b', [...PICTURE,
      ...NEXT_FRAMES], async (watcher) => {
      await eventually(async () => /B-frames: browsers drop them/.test(
        await watcher.page.textContent('#note')), 'the page says so');
      await watcher.page.goto(`${gateway.url}/`);
      await eventually(async () => /May freeze/.test(
        await watcher.page.textContent('#streams')), 'the list says so');
    }, haveNoWebCodecs));
}

// Each state of the page, and how long the picture had stood still by then.
const recorded = (watcher) => watcher.page.evaluate(() => window.states);

async function isLiveWhileItMoves(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'still'), async (publisher) => {
    await gateway.hasStream('still');
    await watching(world, gateway.watchUrl('still'), async (watcher) => {
      const live = watcher.page.locator('#live');
      await comesTo(watcher, 'playing');
      assert.ok(await live.isVisible());
      publisher.process.kill('SIGSTOP');
      await eventually(async () => !await live.isVisible(),
        'the page stops saying that it is live');
      await saysText(watcher, /publisher sends nothing/);
      publisher.process.kill('SIGCONT');
      await eventually(() => live.isVisible(),
        'the page says again that it is live');
      const states = await recorded(watcher);
      // On a busy machine the page may notice late, when the stream has ended.
      const playing = states.findLastIndex(({ state }) => state === 'playing');
      const [end] = states.slice(states.findIndex(({ state }) =>
        state === 'playing')).filter(({ state }) => state !== 'playing');
      assert.ok(end.stillMs >= 1000 && playing > states.indexOf(end),
        JSON.stringify(states));
      assert.ok(states.every(({ text }) => !/lost|reached/.test(text)),
        JSON.stringify(states));
    }, recordStates);
  });
}

// Audio alone does not keep the picture live.
async function isNotLiveWithSoundAlone(world) {
  await saysOfStream(world, world.gateway, 'stops', ['-re', '-f', 'lavfi', '-i',
    'testsrc2=r=30:s=640x360:d=10', ...SOUND, '-c:v', 'libx264', '-preset',
    'ultrafast', '-tune', 'zerolatency', '-c:a', 'aac'], async (watcher) => {
    const { page } = watcher;
    await watcher.showsPicture();
    await saysText(watcher, /picture stands still/);
    assert.ok(!await page.locator('#live').isVisible());
    const bytes = () => page.evaluate(async () =>
      [...(await window.peers[0].getStats()).values()].find((r) =>
        r.type === 'inbound-rtp' && r.kind === 'audio').bytesReceived);
    const before = await bytes();
    await eventually(async () => await bytes() > before, 'the sound continues');
  });
}

async function losesOnlyWhatIsLost(world) {
  const { publishers } = world;
  await withGateway(world, { name: 'loses', options: ['LINGER=1s'] },
    async (gateway) => {
      const first = publishers.ffmpeg(gateway, 'left');
      await publishing(first, async () => {
        await gateway.hasStream('left');
        await watching(world, gateway.watchUrl('left'), async (watcher) => {
          await comesTo(watcher, 'playing');
          await first.process.stop();
          await saysText(watcher, /Nobody publishes/);
          const states = await recorded(watcher);
          assert.ok(states.every(({ state, text }) => state !== 'lost'
            && !/lost|reached/.test(text)), JSON.stringify(states));
          await gateway.process.die();
          await comesTo(watcher, 'lost');
          assert.match(await message(watcher), /can’t be reached/);
        }, recordStates);
      });
    });
}

async function leadsBack(world) {
  const { gateway } = world;
  const page = `${gateway.url}/watch/live/cam`;
  await watching(world, `${gateway.url}/`, async (watcher) => {
    for (const path of ['watch/live/cam/', 'live/cam', 'live/cam/']) {
      await watcher.page.goto(`${gateway.url}/${path}`);
      assert.equal(watcher.page.url(), page);
      assert.equal(await watcher.page.textContent('#name'), 'live/cam');
    }
    for (const path of ['cam', 'watch/cam', 'watch/live//cam']) {
      const answer = await watcher.page.goto(`${gateway.url}/${path}`);
      assert.equal(answer.status(), 404);
      await watcher.page.click('text=See who is live');
      assert.equal(watcher.page.url(), `${gateway.url}/`);
    }
  });
}

async function fitsAPhone(world) {
  for (const viewport of PHONES) {
    await watching(world, world.gateway.watchUrl('any'), async (watcher) => {
      const boxes = await Promise.all(BUTTONS.map((button) =>
        watcher.page.locator(button).boundingBox()));
      assert.ok(boxes.every(({ y }) => y === boxes[0].y),
        `in one row: ${JSON.stringify(boxes)}`);
      assert.ok(boxes.every(({ x, width }, i) => x >= 0
        && x + width <= (boxes[i + 1]?.x ?? viewport.width)),
      JSON.stringify(boxes));
      assert.ok(await watcher.page.evaluate((buttons) => buttons.every(
        (button) => {
          const { scrollWidth, clientWidth } = document.querySelector(button);
          return scrollWidth <= clientWidth;
        }), BUTTONS), 'a label is cut');
      await watcher.page.screenshot({
        path: join(world.folder, `phone-${viewport.width}.png`) });
    }, undefined, { viewport });
  }
}

async function keepsItsControls(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'full'), async () => {
    await gateway.hasStream('full');
    await watching(world, gateway.watchUrl('full'), async (watcher) => {
      const { page } = watcher;
      const isFull = () => page.evaluate(() =>
        Boolean(document.fullscreenElement));
      await comesTo(watcher, 'playing');
      await page.click('#full');
      await eventually(isFull, 'the player fills the screen');
      await page.click('#sound');
      assert.equal(await page.evaluate(
        () => document.querySelector('video').muted), false);
      // No mouse movement, and no button has the focus.
      await page.mouse.move(400, 300);
      await page.evaluate(() => document.activeElement.blur());
      await eventually(async () => await page.evaluate(() =>
        getComputedStyle(document.querySelector('.controls')).opacity)
        === '0', 'the controls disappear');
      let x = 300;
      await eventually(async () => {
        await page.mouse.move(x, 300);
        x += 1;
        return await page.evaluate(() => getComputedStyle(
          document.querySelector('.controls')).opacity) > 0;
      }, 'the controls reappear');
      await page.screenshot({ path: join(world.folder, 'full.png') });
      await page.click('#full');
      await eventually(async () => !await isFull(),
        'the player is back in the page');
    });
  });
}

export const wordCases = [
  ['the list says how to go live on this gateway', saysHowToGoLive],
  ['the page says that there is only sound, or what the video lacks',
    saysWhatIsWrongWithTheVideo],
  ['the pages say what browsers do with B-frames', saysWhatBFramesDo],
  ['a stream is live while its picture moves', isLiveWhileItMoves],
  ['a picture that stands still is not live, even if its sound goes on',
    isNotLiveWithSoundAlone],
  ['the page reports a lost connection only if it is lost',
    losesOnlyWhatIsLost],
  ["a stream's name leads to its page, a wrong address to the list", leadsBack],
  ['the buttons fit on a phone', fitsAPhone],
  ['full screen keeps its controls', keepsItsControls],
];
