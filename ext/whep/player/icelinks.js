// The Link header of a WHEP server (RFC 8288): its ICE servers, and where a
// session's events are (draft-ietf-wish-whep section 4.4).

const EVENTS = 'urn:ietf:params:whep:ext:core:server-sent-events';

// Parts of @text at each @separator outside of quotes and angle brackets.
const split = (text, separator) => text.match(new RegExp(
  `(?:"(?:\\\\.|[^"\\\\])*"|<[^>]*>|[^"<${separator}])+`, 'g')) || [];

const unquoted = (value) => value.replace(/^"|"$/g, '')
  .replace(/\\(.)/g, '$1');

const parametersOf = (parts) => {
  const found = {};
  for (const part of parts) {
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(part) || [];
    if (key)
      found[key.toLowerCase()] = unquoted(value);
  }
  return found;
};

// The links of the @header, or null, that have the relation @rel.
const linksOf = (header, rel) => split(header || '', ',').map((link) => {
  const [target, ...rest] = split(link, ';');
  const [, url = ''] = /^\s*<\s*([^>]*)>/.exec(target) || [];
  return { ...parametersOf(rest), url };
}).filter((link) => (link.rel || '').split(/\s+/).includes(rel));

// @header: the value, or null. Returns what RTCPeerConnection takes as
// iceServers.
export const iceServersOf = (header) => linksOf(header, 'ice-server')
  .filter(({ url }) => /^(?:stun|turn)s?:/i.test(url))
  .map(({ url, username, credential }) => (username === undefined ?
    { urls: url } :
    { urls: url, username, credential: credential || '' }));

// @header: as above. Returns the address of the session's events if @event is
// among them, relative to the reply's; '' if there is none.
export const eventsOf = (header, event) => {
  const link = linksOf(header, EVENTS).find(({ events = '' }) =>
    events.split(/[\s,]+/).includes(event));
  return link ? link.url : '';
};
