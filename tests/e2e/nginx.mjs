// SPDX-License-Identifier: LGPL-2.1-or-later
// nginx with its RTMP module, on a port and in a folder of its own.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Process, eventually, freePort } from './process.mjs';

// @directives are those of its application.
export async function startNginx(world, directives = '') {
  const folder = join(world.folder, 'nginx');
  const port = await freePort();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'nginx.conf'), `
    load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
    daemon off; master_process off; pid ${folder}/pid;
    error_log ${folder}/error.log info;
    events { worker_connections 64; }
    rtmp { server { listen 127.0.0.1:${port};
      application live { live on; ${directives} } } }`);
  writeFileSync(join(folder, 'error.log'), '');
  const server = new Process('/usr/sbin/nginx',
    ['-p', folder, '-c', join(folder, 'nginx.conf'),
      '-e', join(folder, 'error.log')], { log: join(folder, 'out.log') });
  const log = () => readFileSync(join(folder, 'error.log'), 'utf8');
  await eventually(() => log().includes('event method'), 'nginx starts');
  return { server, log, url: `rtmp://127.0.0.1:${port}/live/x` };
}
