// What a bug report needs, as text for the clipboard: the browser, the offer
// and the answer, and what has arrived since.

// Of the connection's many counts, the ones that describe its state.
const TYPES = ['inbound-rtp', 'codec', 'transport', 'candidate-pair'];
// Identifiers mean nothing to others.
const LEFT_OUT = /Id$|Identifier$|Fragment$|^(id|ssrc|mid|timestamp)$/;

// A client that knows the password could speak for the session.
export const withoutSecrets = (sdp) =>
  (sdp || 'none').replace(/^(a=ice-pwd:)(.*)$/gm,
    (line, name, secret) => name + secret.replace(/\S/g, 'x'));

const counts = (entry) => Object.keys(entry)
  .filter((key) => !LEFT_OUT.test(key) && typeof entry[key] !== 'object')
  .map((key) => `${key}=${entry[key]}`).join(' ');

const summaryOf = async (pc) => {
  const lines = [];
  (await pc.getStats().catch(() => new Map())).forEach((entry) => {
    if (TYPES.includes(entry.type))
      lines.push(counts(entry));
  });
  return lines.join('\n') || 'none';
};

// @state and @message: the page's; @session: null if there was none.
export const describe = async ({ name, time, browser, state, message,
  session }) => [
  `stream: ${name}`,
  `time: ${time.toISOString()}`,
  `browser: ${browser}`,
  `page: ${state} ${message}`,
  '', '--- offer', withoutSecrets(session && session.offer),
  '', '--- answer', withoutSecrets(session && session.answer),
  '', '--- counts', session ? await summaryOf(session.pc) : 'none',
  '',
].join('\n');
