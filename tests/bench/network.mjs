// SPDX-License-Identifier: LGPL-2.1-or-later
// The network between the gateway and a browser of a bench: loopback, a cable,
// or a link that is made worse (link.c). Needs root for all but loopback.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Namespace } from '../e2e/namespace.mjs';
import { eventually, Process } from '../e2e/process.mjs';

// Of a bench's command line, for parseArgs().
export const NETWORK_OPTIONS = {
  network: { type: 'string', default: 'loopback' },
};

const LOOPBACK = { address: '127.0.0.1', browser: '/usr/bin/chromium',
  close: async () => {} };

// @spec: "loopback", "cable", "cable-without-gso", or "DELAY_MS,LOSS_PERCENT,
// RATE_MBIT" each way. Returns the address of the gateway, the browser's
// program, and close().
export async function openNetwork(spec, build, folder) {
  if (spec === 'loopback') {
    return LOOPBACK;
  }
  const isCable = spec.startsWith('cable');
  const namespace = new Namespace(isCable);
  let link = null;
  if (!isCable) {
    const name = `link${process.pid}`;
    link = new Process(join(build, 'tests', 'bench', 'link'),
      [namespace.name, name, ...spec.split(',')],
      { log: join(folder, 'link.log') });
    await eventually(() => link.output.includes('ready'), 'the link is there');
    namespace.attach(name, name);
  } else if (spec === 'cable-without-gso') {
    execFileSync('ethtool', ['-K', namespace.outer,
      'tx-udp-segmentation', 'off', 'gso', 'off', 'tso', 'off']);
  }
  const browser =
    namespace.writeChromium(join(folder, 'chromium-inside'));
  return { address: namespace.address, browser, close: async () => {
    await link?.stop();
    await namespace.close();
  } };
}
