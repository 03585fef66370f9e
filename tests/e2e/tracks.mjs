// SPDX-License-Identifier: LGPL-2.1-or-later
// A publisher with several tracks.

import { join } from 'node:path';
import { publishing } from './publishers.mjs';
import { watching } from './watcher.mjs';

const ENCODER = 'vp8enc deadline=1 cpu-used=8 keyframe-max-dist=60';

async function shows(world, name, picture, tone) {
  const { gateway } = world;
  await gateway.hasStream(name);
  await watching(world, gateway.watchUrl(name), async (watcher) => {
    await watcher.showsPicture();
    await watcher.hears(tone);
    await watcher.sees(picture,
      join(world.folder, `${name.replace('/', '-')}.png`));
  });
}

async function eachTrackPlays(world) {
  const { gateway, publishers } = world;
  await publishing(publishers.enhanced(gateway, 'tracks', ENCODER,
    { colour: 'green', second: 'red' }), async (publisher) => {
    const { picture, secondPicture, tone } = publisher;
    await Promise.all([
      shows(world, 'tracks', picture, tone),
      shows(world, 'tracks/1', secondPicture, tone),
    ]);
  });
  await gateway.hasNoStream('tracks/1');
}

export const trackCases = [
  ['Enhanced RTMP plays: a second video is a stream of its own',
    eachTrackPlays],
];
