#!/usr/bin/env node
// SPDX-License-Identifier: LGPL-2.1-or-later
// Real publishers, the gateway, a real browser. Prints TAP.
//
//     tests/e2e/run.mjs [--build DIR] [WORD]    (cases whose claim has WORD)
//
// Logs and screenshots are left in DIR/tests/e2e/.

import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { accessibilityCases } from './accessibility.mjs';
import { balancerCases } from './balancer.mjs';
import { closeFirefox } from './browsers.mjs';
import { cases } from './cases.mjs';
import { clientCases } from './clients.mjs';
import { controlCases } from './controls.mjs';
import { embeddingCases } from './embedding.mjs';
import { edgeCases } from './edges.mjs';
import { encoderCases } from './encoders.mjs';
import { eventCases } from './events.mjs';
import { everyStateCases } from './everystate.mjs';
import { fallbackCases } from './fallback.mjs';
import { farewellCases } from './farewells.mjs';
import { Gateway } from './gateway.mjs';
import { hostilePlayerCases } from './hostileplayers.mjs';
import { httpsCases } from './https.mjs';
import { listCases } from './list.mjs';
import { newerCases } from './newer.mjs';
import { playCases } from './play.mjs';
import { playerCases } from './players.mjs';
import { programCases } from './programs.mjs';
import { Publishers } from './publishers.mjs';
import { recordingCases } from './recordings.mjs';
import { rewindCases } from './rewinds.mjs';
import { rtmpsCases } from './rtmps.mjs';
import { snapshotCases } from './snapshots.mjs';
import { stateCases } from './states.mjs';
import { tokenCases } from './tokens.mjs';
import { trackCases } from './tracks.mjs';
import { wallCases } from './walls.mjs';
import { startBrowser } from './watcher.mjs';
import { wordCases } from './words.mjs';

// A case that takes longer hangs.
const CASE_LIMIT_MS = 600000;

// The runner repeats a failure's last lines: its words are to be among them.
Error.stackTraceLimit = 4;

function note(text) {
  for (const line of String(text).split('\n')) {
    console.log(`# ${line}`);
  }
}

async function within(limitMs, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() =>
      reject(new Error(`not done in ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

// Returns what went wrong, or null.
async function runCase(world, [claim, run]) {
  const start = Date.now();
  try {
    await within(CASE_LIMIT_MS, run(world));
    return null;
  } catch (error) {
    note(error.stack);
    return error;
  } finally {
    note(`${claim}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
}

// A case that fails is run once more when all others have been: if it passes
// then, its verdict says so.
async function runCases(world, chosen) {
  const verdict = (isOk, index, directive = '') => console.log(
    `${isOk ? 'ok' : 'not ok'} ${index + 1} - ${chosen[index][0]}${directive}`);
  const again = [];
  let nFailed = 0;
  const runAgain = async () => {
    for (const [index, first] of again.splice(0)) {
      const isOk = await runCase(world, chosen[index]) === null;
      nFailed += isOk ? 0 : 1;
      verdict(isOk, index, isOk ? ` # second attempt: ${first}` : '');
    }
  };
  for (const [index, chosenCase] of chosen.entries()) {
    if (chosenCase === cases.at(-1)) {
      await runAgain(); // before it ends the gateway
    }
    const error = await runCase(world, chosenCase);
    if (error === null) {
      verdict(true, index);
    } else {
      again.push([index, error.message.split('\n')[0]]);
    }
  }
  await runAgain();
  console.log(`1..${chosen.length}`);
  return nFailed;
}

async function main() {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { build: { type: 'string', default: join(root, '_build') } },
  });
  const build = resolve(values.build);
  const folder = join(build, 'tests', 'e2e');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.env.GST_REGISTRY = join(build, 'tests', 'registry.bin');

  // The last case ends the gateway that all of them share.
  const all = [...cases.slice(0, -1), ...accessibilityCases, ...balancerCases,
    ...clientCases,
    ...controlCases, ...embeddingCases,
    ...encoderCases,
    ...eventCases, ...everyStateCases, ...fallbackCases, ...farewellCases,
    ...hostilePlayerCases,
    ...edgeCases, ...httpsCases, ...listCases,
    ...newerCases(note), ...playCases, ...playerCases, ...programCases,
    ...recordingCases, ...rewindCases, ...rtmpsCases, ...snapshotCases,
    ...stateCases,
    ...tokenCases, ...trackCases, ...wallCases, ...wordCases, cases.at(-1)];
  const chosen = all.filter(([claim]) =>
    positionals.every((word) => claim.includes(word)));
  const startGateway = (options) =>
    Gateway.start({ root, build, folder, ...options });
  const world = {
    root,
    build,
    folder,
    note,
    startGateway,
    gateway: await startGateway({}),
    publishers: new Publishers({ root, build, folder }),
    browser: await startBrowser(),
    firefox: null,
    nFirefoxes: 0,
  };
  const nFailed = await runCases(world, chosen);
  if (nFailed > 0) {
    note(world.gateway.process.output.slice(-4000));
  }
  await closeFirefox(world);
  await world.browser.close();
  process.exit(nFailed > 0 || chosen.length === 0 ? 1 : 0);
}

main().catch((error) => {
  note(error.stack);
  process.exit(1);
});
