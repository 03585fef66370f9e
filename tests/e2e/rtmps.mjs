// SPDX-License-Identifier: LGPL-2.1-or-later
// Publishers over RTMPS.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from './process.mjs';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

export function makeCertificate(world) {
  const path = join(world.folder, 'rtmps.pem');
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
    'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj',
    '/CN=localhost', '-keyout', path, '-out', `${path}.certificate`],
  { stdio: 'ignore' });
  return { key: path, certificate: `${path}.certificate` };
}

async function withSecureGateway(world, run) {
  const { key, certificate } = makeCertificate(world);
  const port = await freePort();
  const gateway = await world.startGateway({
    name: 'rtmps',
    options: [`--tls-certificate=${certificate}`, `--tls-key=${key}`,
      `--rtmps-port=${port}`],
  });
  try {
    gateway.rtmpUrl = (name) => `rtmps://127.0.0.1:${port}/live/${name}`;
    await run(gateway);
  } finally {
    await gateway.stop();
  }
}

async function shows(world, gateway, publisher, name) {
  await publishing(publisher, async () => {
    await gateway.hasStream(name);
    await watching(world, gateway.watchUrl(name), async (watcher) => {
      await watcher.showsPicture();
      await watcher.hears(publisher.tone);
      await watcher.sees(publisher.picture, join(world.folder, `${name}.png`));
    });
  });
}

async function comesByRtmps(world) {
  await withSecureGateway(world, async (gateway) => {
    const { publishers } = world;
    await Promise.all([
      shows(world, gateway, publishers.ffmpeg(gateway, 'secret'), 'secret'),
      shows(world, gateway, publishers.rtmp2sink(gateway, 'gio'), 'gio'),
    ]);
  });
}

export const rtmpsCases = [
  ['ffmpeg and rtmp2sink play over RTMPS, too', comesByRtmps],
];
