// SPDX-License-Identifier: LGPL-2.1-or-later
// Viewers by HTTPS, with a certificate that the gateway makes.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { withFirefox } from './browsers.mjs';
import { eventually } from './process.mjs';
import { publishing } from './publishers.mjs';
import { RemoteWatcher } from './remote.mjs';
import { makeCertificate } from './rtmps.mjs';
import { watching } from './watcher.mjs';

const WATCH_S = 3;
// Of a viewer in a frame that no test can look into: seconds of a stream.
const MIN_PACKETS = 300;
const TRUSTING = { ignoreHTTPSErrors: true };

function certificateIn(folder) {
  return join(folder, 'certificate.pem');
}

async function withHttps(world, name, options, run) {
  const folder = join(world.folder, name);
  const gateway = await world.startGateway({
    name, options: [`--tls-self-signed=${folder}`, ...options],
  });
  try {
    await run(gateway, folder);
  } finally {
    await gateway.stop();
  }
}

function secureUrl(gateway, path, host = '127.0.0.1') {
  return `https://${host}:${gateway.httpPort}${path}`;
}

function curl(folder, ...args) {
  return execFileSync('curl', ['-sS', '--cacert', certificateIn(folder),
    ...args], { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

async function curlTrustsCertificate(world) {
  const fingerprints = [];
  for (let i = 0; i < 2; i += 1) {
    await withHttps(world, 'https-curl', [], async (gateway, folder) => {
      for (const host of ['localhost', '127.0.0.1']) {
        assert.equal(curl(folder, secureUrl(gateway, '/healthz', host)),
          'ok\n');
      }
      const { fingerprint256 } = new X509Certificate(
        readFileSync(certificateIn(folder)));
      await eventually(() => gateway.process.output.includes(fingerprint256),
        'the fingerprint is printed');
      fingerprints.push(fingerprint256);
    });
  }
  assert.equal(fingerprints[0], fingerprints[1], 'it was made anew');
}

async function httpIsRedirected(world) {
  await withHttps(world, 'https-only', ['--https-only=true'],
    async (gateway, folder) => {
      const url = `http://localhost:${gateway.httpPort}/api/streams`;
      assert.equal(curl(folder, '-o', '/dev/null', '-w',
        '%{http_code} %{redirect_url}', url),
      `308 https://localhost:${gateway.httpPort}/api/streams`);
      assert.equal(curl(folder, '-L', url), '[]');
    });
}

async function chromiumPlays(world) {
  await withHttps(world, 'https-chromium', [], async (gateway) => {
    const publisher = world.publishers.ffmpeg(gateway, 'secure');
    await publishing(publisher, async () => {
      await gateway.hasStream('secure');
      await watching(world, secureUrl(gateway, '/watch/live/secure'),
        async (watcher) => {
          await watcher.showsPicture();
          assert.equal(await watcher.page.evaluate(() => isSecureContext),
            true);
          await watcher.playsSmoothly(WATCH_S);
          await watcher.sees(publisher.picture);
          await watcher.hears(publisher.tone);
        }, undefined, TRUSTING);
    });
  });
}

async function firefoxPlays(world) {
  await withHttps(world, 'https-firefox', [], async (gateway) => {
    const publisher = world.publishers.ffmpeg(gateway, 'secure');
    await publishing(publisher, async () => {
      await gateway.hasStream('secure');
      await withFirefox(world, async (browser, address) => {
        const watcher = await RemoteWatcher.open(browser,
          secureUrl(gateway, '/watch/live/secure', address));
        await watcher.showsPicture();
        assert.equal(await browser.evaluate(() => isSecureContext), true);
        await watcher.playsSmoothly(WATCH_S);
        await watcher.sees(publisher.picture);
      });
    });
  });
}

// A dashboard of another site, over HTTPS, with @src in a frame.
async function withDashboard(world, src, look) {
  const { key, certificate } = makeCertificate(world);
  const server = createServer({ key: readFileSync(key),
    cert: readFileSync(certificate) }, (request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!DOCTYPE html><title>Dashboard</title>
      <iframe src="${src}" allow="autoplay" width="640" height="480">`);
  });
  server.listen(0);
  await once(server, 'listening');
  try {
    await look(server.address().port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function playsInFrames(world) {
  await withHttps(world, 'https-frames', [], async (gateway) => {
    await publishing(world.publishers.ffmpeg(gateway, 'framed'), async () => {
      await gateway.hasStream('framed');
      const path = '/watch/live/framed';
      await withDashboard(world, secureUrl(gateway, path), (port) =>
        watching(world, `https://localhost:${port}/`, async ({ page }) => {
          const frame = () => page.frames().find((f) => f.url().includes(path));
          await eventually(() => frame()?.evaluate(
            () => document.querySelector('video')?.currentTime > 0),
          'a picture is shown in the frame');
        }, undefined, TRUSTING));
      await eventually(async () =>
        (await gateway.stream('framed')).viewers === 0, 'the viewer is gone');
      await withFirefox(world, (browser, address) => withDashboard(world,
        secureUrl(gateway, path, address), async (port) => {
          await browser.goto(`https://${address}:${port}/`);
          await eventually(async () =>
            (await gateway.viewers('framed'))[0]?.packets > MIN_PACKETS,
          'Firefox is sent the stream in the frame');
        }));
    });
  });
}

export const httpsCases = [
  ['HTTPS: curl trusts the certificate that the gateway made and keeps',
    curlTrustsCertificate],
  ['HTTPS: requests without TLS are redirected', httpIsRedirected],
  ['HTTPS: Chromium plays', chromiumPlays],
  ['HTTPS: Firefox plays', firefoxPlays],
  ['HTTPS: both play in a frame of another page', playsInFrames],
];
