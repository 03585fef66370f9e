// SPDX-License-Identifier: LGPL-2.1-or-later
// What a person would check with a publisher and a browser.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attackCases } from './attacks.mjs';
import { bFrameCases } from './bframes.mjs';
import { browserCases } from './browsers.mjs';
import { doctorCases } from './doctor.mjs';
import { floodCases } from './floods.mjs';
import { hostileCases } from './hostile.mjs';
import { haveNoWebCodecs } from './inpage.mjs';
import { lipSyncCases } from './lipsync.mjs';
import { lossCases } from './losses.mjs';
import { pageCases } from './page.mjs';
import { startNginx } from './nginx.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { RecordingGateway } from './recording.mjs';
import { renditionCases } from './renditions.mjs';
import { returnCases } from './returns.mjs';
import { Watcher, watching } from './watcher.mjs';

// How long a stream is watched, on its own clock.
const WATCH_S = 6;
const SHORT_WATCH_S = 3;
const N_VIEWERS = 3;

const B_FRAMES = ['-preset', 'veryfast', '-tune', 'film', '-bf', '2',
  '-b_strategy', '0', '-sc_threshold', '0'];

function shot(world, name) {
  return join(world.folder, `${name}.png`);
}

// The page shows each picture immediately while it is muted, unless it is asked
// to keep it in sync with the sound.
const AT_ONCE = { query: '',
  look: (watcher) => watcher.playsSmoothly(WATCH_S) };
const IN_SYNC = { query: '?sync', look: async (watcher, gateway) => ({
  ...await watcher.playsSmoothly(WATCH_S),
  ...await watcher.isInSync(gateway) }) };
const ENCODED_IN_SYNC = { query: '?sync', look: async (watcher, gateway) => ({
  ...await watcher.playsWhatIsEncoded(WATCH_S),
  ...await watcher.isInSync(gateway) }) };

async function plays(world, name, start, { how = AT_ONCE,
  bFrames = undefined, prepare = undefined } = {}) {
  const { gateway } = world;
  await publishing(await start(name), async (publisher) => {
    await gateway.hasStream(name);
    const url = `${gateway.watchUrl(name)}${how.query}`;
    await watching(world, url, async (watcher) => {
      await watcher.showsPicture();
      const counts = await how.look(watcher, gateway);
      world.note(`${name}: ${JSON.stringify(counts)}`);
      await watcher.hears(publisher.tone);
      await watcher.sees(publisher.picture, shot(world, name));
    }, prepare, { bypassCSP: true });
    const { video } = await gateway.stream(name);
    assert.equal(video.b_frames, bFrames);
  });
  await gateway.hasNoStream(name);
}

// Through a gateway of its own, which records what @start publishes to it, so
// that the publisher's own skew is known.
async function playsInSync(world, name, start,
  { how = IN_SYNC, ...rest } = {}) {
  const gateway = await RecordingGateway.start(world, `recording-${name}`);
  try {
    await plays({ ...world, gateway }, name,
      () => start(world.publishers, gateway, name), { how, ...rest });
  } finally {
    await gateway.stop();
  }
}

async function ffmpegPlays(world) {
  await playsInSync(world, 'ffmpeg',
    (publishers, gateway, name) => publishers.ffmpeg(gateway, name));
}

async function bFramesPlay(world) {
  await playsInSync(world, 'b-frames', (publishers, gateway, name) =>
    publishers.ffmpeg(gateway, name, { h264: B_FRAMES }),
  { how: ENCODED_IN_SYNC, bFrames: 'transcode', prepare: haveNoWebCodecs });
}

async function rtmpsinkPlays(world) {
  await playsInSync(world, 'rtmpsink',
    (publishers, gateway, name) => publishers.rtmpsink(gateway, name));
}

async function rtmp2sinkPlays(world) {
  await playsInSync(world, 'rtmp2sink',
    (publishers, gateway, name) => publishers.rtmp2sink(gateway, name));
}

async function testStreamerPlays(world) {
  await plays(world, 'test',
    (name) => world.publishers.testStreamer(world.gateway, name));
}

async function obsPlays(world) {
  await playsInSync(world, 'obs',
    (publishers, gateway, name) => publishers.obs(gateway, name));
}

async function obsDefaultsPlay(world) {
  await playsInSync(world, 'obs-default', (publishers, gateway, name) =>
    publishers.obs(gateway, name, { settings: 'default' }),
  { how: ENCODED_IN_SYNC, bFrames: 'transcode', prepare: haveNoWebCodecs });
}

// A gateway of its own, to which only publishers with the secret of one of
// @keys may publish.
async function guarded(world, keys, look) {
  const file = join(world.folder, 'publish-keys');
  writeFileSync(file, `${keys.join('\n')}\n`);
  const gateway = await world.startGateway({ name: 'guarded',
    options: [`PUBLISH_KEYS=${file}`] });
  try {
    await look({ ...world, gateway });
  } finally {
    await gateway.stop();
  }
}

async function obsIsRejected(world) {
  await guarded(world, ['live/cam sesame'], (mine) => publishing(
    mine.publishers.obs(mine.gateway, 'cam'), async () => {
      const log = () => mine.publishers.obsLog();
      await eventually(() => /Streaming Stop/.test(log()), 'OBS stops');
      assert.match(log(),
        /Publish\.Denied \(to publish this stream, a token or a password is/);
      assert.equal(await mine.gateway.stream('cam'), undefined);
    }));
}

async function obsLogsIn(world) {
  await guarded(world, ['live/stage anna:geheim'], (mine) =>
    plays(mine, 'stage', (name) => mine.publishers.obs(mine.gateway, name,
      { login: ['anna', 'geheim'] })));
}

async function nginxPushes(world) {
  let nginx;
  try {
    await playsInSync(world, 'relayed', async (publishers, gateway, name) => {
      nginx = await startNginx(world, `push ${gateway.rtmpUrl(name)};`);
      return publishers.ffmpeg(gateway, name, { url: nginx.url });
    });
  } finally {
    await nginx?.server.stop();
  }
}

const ENCODERS = {
  AV1: 'av1enc usage-profile=realtime cpu-used=10 lag-in-frames=0 '
    + 'keyframe-max-dist=60 ! av1parse ! '
    + 'video/x-av1,stream-format=obu-stream,alignment=tu',
  VP9: 'vp9enc deadline=1 cpu-used=8 lag-in-frames=0 keyframe-max-dist=60',
  VP8: 'vp8enc deadline=1 cpu-used=8 keyframe-max-dist=60',
};

const enhancedPlays = (codec) => (world) =>
  plays(world, `enhanced-${codec}`, (name) =>
    world.publishers.enhanced(world.gateway, name, ENCODERS[codec]));

const HEVC = 'x265enc tune=zerolatency speed-preset=ultrafast key-int-max=30 '
  + 'bitrate=1000 ! h265parse ! '
  + 'video/x-h265,stream-format=hvc1,alignment=au';
const SAFARI = join('tests', 'support', 'offers', 'safari-26.5.2-macos.sdp');

// No browser here decodes it: this checks the answer; the media is decoded in
// tests/check/elements/enhanced.c.
async function hevcIsAnswered(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.enhanced(gateway, 'hevc', HEVC), async () => {
    await gateway.hasStream('hevc');
    const answer = await fetch(`${gateway.url}/whep/live/hevc`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: readFileSync(join(world.root, SAFARI)),
    });
    const sdp = await answer.text();
    assert.equal(answer.status, 201, sdp);
    const [, format] = /^m=video [1-9]\d* \S+ (\d+)/m.exec(sdp);
    assert.match(sdp, new RegExp(`^a=rtpmap:${format} H265/90000\r$`, 'm'));
    const session = new URL(answer.headers.get('Location'), answer.url);
    assert.equal((await fetch(session, { method: 'DELETE' })).status, 200);
  });
}

async function picturesDontMix(world) {
  const { gateway, publishers } = world;
  const green = publishers.ffmpeg(gateway, 'left');
  const blue = publishers.rtmpsink(gateway, 'right');
  await publishing(green, () => publishing(blue, async () => {
    await gateway.hasStream('left');
    await gateway.hasStream('right');
    await watching(world, gateway.watchUrl('left'), (left) =>
      watching(world, gateway.watchUrl('right'), async (right) => {
        await left.showsPicture();
        await right.showsPicture();
        await left.sees(green.picture, shot(world, 'left'));
        await right.sees(blue.picture, shot(world, 'right'));
        await left.hears(green.tone);
        await right.hears(blue.tone);
        await left.playsSmoothly(SHORT_WATCH_S);
        await right.playsSmoothly(SHORT_WATCH_S);
      }));
  }));
}

async function publisherComesBack(world) {
  const { gateway, publishers } = world;
  const first = publishers.ffmpeg(gateway, 'back');
  await publishing(first, () => gateway.hasStream('back').then(() =>
    watching(world, gateway.watchUrl('back'), async (watcher) => {
      await watcher.page.evaluate(() => { window.isFirstLoad = true; });
      await watcher.showsPicture();
      await watcher.sees(first.picture, shot(world, 'back-before'));
      await first.process.stop();
      await gateway.hasNoStream('back');

      const second = publishers.rtmpsink(gateway, 'back');
      await publishing(second, async () => {
        await watcher.sees(second.picture, shot(world, 'back-after'));
        await watcher.hears(second.tone);
        await watcher.playsSmoothly(SHORT_WATCH_S);
        assert.equal(await watcher.page.evaluate(() => window.isFirstLoad),
          true, 'the page was reloaded');
      });
    })));
}

async function waitingPageStarts(world) {
  const { gateway, publishers } = world;
  await watching(world, gateway.watchUrl('early'), async (watcher) => {
    await publishing(publishers.ffmpeg(gateway, 'early'), async (publisher) => {
      await watcher.showsPicture();
      await watcher.sees(publisher.picture, shot(world, 'early'));
    });
  });
}

async function manyWatch(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'crowd'), async (publisher) => {
    await gateway.hasStream('crowd');
    const watchers = [];
    try {
      for (let i = 0; i < N_VIEWERS; i += 1) {
        watchers.push(await Watcher.open(world.browser,
          gateway.watchUrl('crowd')));
      }
      await Promise.all(watchers.map((w) => w.showsPicture()));
      await Promise.all(watchers.map((w) => w.playsSmoothly(SHORT_WATCH_S)));
      assert.equal((await gateway.stream('crowd')).viewers, N_VIEWERS);
      await watchers[0].sees(publisher.picture, shot(world, 'crowd'));
    } finally {
      await Promise.all(watchers.map((w) => w.close()));
    }
    await eventually(async () =>
      (await gateway.stream('crowd')).viewers === 0, 'all viewers are gone');
  });
}

async function listShowsStreams(world) {
  const { gateway, publishers } = world;
  await watching(world, `${gateway.url}/`, async (watcher) => {
    const links = () => watcher.page.locator('a[href$="watch/live/listed"]');
    assert.equal(await links().count(), 0);
    await publishing(publishers.ffmpeg(gateway, 'listed'), async () => {
      await eventually(async () => (await links().count()) > 0,
        'the page lists the stream');
      await watcher.page.screenshot({ path: shot(world, 'list') });
      await links().first().click();
      await watcher.showsPicture();
    });
  });
}

// Runs in a page of the gateway: a WHEP client of its own.
async function openSession(path) {
  const peer = new RTCPeerConnection();
  peer.addTransceiver('video', { direction: 'recvonly' });
  peer.addTransceiver('audio', { direction: 'recvonly' });
  await peer.setLocalDescription();
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: peer.localDescription.sdp,
  });
  const sdp = await answer.text();
  if (answer.status !== 201) {
    return { status: answer.status };
  }
  await peer.setRemoteDescription({ type: 'answer', sdp });
  return {
    status: answer.status,
    type: answer.headers.get('Content-Type'),
    location: new URL(answer.headers.get('Location'), answer.url).href,
  };
}

async function deleteEndsSession(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.ffmpeg(gateway, 'gone'), async () => {
    await gateway.hasStream('gone');
    await watching(world, `${gateway.url}/`, async (watcher) => {
      const session = await watcher.page.evaluate(openSession,
        '/whep/live/gone');
      assert.equal(session.status, 201);
      assert.match(session.type, /^application\/sdp/);
      const peer = () => watcher.page.evaluate(
        () => window.peers[0].connectionState);
      await eventually(async () => (await peer()) === 'connected',
        'the session connects');
      assert.equal((await gateway.stream('gone')).viewers, 1);

      const remove = () => fetch(session.location, { method: 'DELETE' });
      assert.equal((await remove()).status, 200);
      await eventually(async () =>
        (await gateway.stream('gone')).viewers === 0, 'the viewer is gone');
      assert.equal((await remove()).status, 404);
      // DTLS close_notify informs the browser immediately.
      await eventually(async () => (await peer()) !== 'connected',
        'the browser notices');
    });
  });
}

async function unknownStreamIsRejected(world) {
  await watching(world, `${world.gateway.url}/`, async (watcher) => {
    const session = await watcher.page.evaluate(openSession,
      '/whep/live/nobody');
    assert.equal(session.status, 409);
  });
}

async function gatewaySurvived(world) {
  assert.ok(world.gateway.process.isRunning);
  assert.doesNotMatch(world.gateway.process.output,
    /CRITICAL|WARNING \*\*|erroneous|ERROR:/);
  assert.equal(await world.gateway.stop(), 0);
}

// In this order; the last one ends the gateway.
export const cases = [
  ['ffmpeg plays: picture, sound and every frame', ffmpegPlays],
  ['ffmpeg with B-frames plays: they are transcoded away', bFramesPlay],
  ['rtmpsink plays: picture, sound and every frame', rtmpsinkPlays],
  ['rtmp2sink plays: picture, sound and every frame', rtmp2sinkPlays],
  ['nginx that relays plays: picture, sound and every frame', nginxPushes],
  ['the test streamer plays: picture, sound, every frame', testStreamerPlays],
  ['OBS plays: picture, sound and every frame', obsPlays],
  ['OBS with its defaults plays: B-frames are transcoded away',
    obsDefaultsPlay],
  ['OBS without the secret is rejected, and its log says why', obsIsRejected],
  ['OBS that logs in plays: picture, sound and every frame', obsLogsIn],
  ['Enhanced RTMP plays: AV1 and Opus', enhancedPlays('AV1')],
  ['Enhanced RTMP plays: VP9 and Opus', enhancedPlays('VP9')],
  ['Enhanced RTMP plays: VP8 and Opus', enhancedPlays('VP8')],
  ['Enhanced RTMP: the answer to Safari has HEVC', hevcIsAnswered],
  ['two publishers play in two tabs, and do not mix', picturesDontMix],
  ['a publisher that comes back plays without a reload', publisherComesBack],
  ['a page that is opened before its stream starts by itself',
    waitingPageStarts],
  ['three viewers watch one stream, and leave', manyWatch],
  ['the list shows a new stream, and links to it', listShowsStreams],
  ['DELETE ends a session on both sides', deleteEndsSession],
  ['an offer for a stream that nobody publishes gets 409',
    unknownStreamIsRejected],
  ...pageCases,
  ...bFrameCases,
  ...lipSyncCases,
  ...browserCases,
  ...lossCases,
  ...returnCases,
  ...hostileCases,
  ...floodCases,
  ...attackCases,
  ...renditionCases,
  ...doctorCases,
  ['one gateway served all of it, and ends at Ctrl-C', gatewaySurvived],
];
