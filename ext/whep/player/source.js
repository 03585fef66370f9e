// What the src of a <whep-player> stands for.

import { Token } from './token.js';

// Below any folder, as a proxy may have it.
const OF_GATEWAY = /^(.*\/)(?:whep|watch|embed)\/([^/]+\/.+)$/;

const decoded = (path) => {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    return path;
  }
};

// @src: the address of a stream's page or WHEP endpoint; @isPlain: it is not
// one of a gateway, even if it looks like that. Returns {base, path, name,
// url}: base is that of the gateway's pages, or null for another server's
// endpoint.
export const sourceOf = (src, document, isPlain = false) => {
  const url = new URL(src, document);
  const [, folder, path] =
    !isPlain && OF_GATEWAY.exec(url.pathname) || [];
  return path ?
    { url, base: new URL(folder, url).href, path, name: decoded(path) } :
    { url, base: null, path: '', name: url.pathname };
};

// The credentials for a Player of that source: @token, or for a gateway the one
// in its address. Nothing is stored. The address of another server is its own
// matter, and stays as it is.
export const credentialsOf = ({ url, base }, token) => {
  const { hash, search } = base ? url : { hash: '', search: '' };
  const credentials = new Token({
    location: { hash, search, pathname: '' },
    history: { replaceState: () => {} },
    sessionStorage: { getItem: () => '', setItem: () => {} },
  });
  if (token)
    credentials.value = token;
  return credentials;
};
