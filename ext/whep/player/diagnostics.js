// What a report of a problem needs, as text for the clipboard: who spoke, what
// was offered and answered, what has come since.

// Of the connection's many counts, those that tell how it goes.
const TYPES = ['inbound-rtp', 'codec', 'transport', 'candidate-pair'];
// Identifiers tell nothing to others.
const LEFT_OUT = /Id$|Identifier$|Fragment$|^(id|ssrc|mid|timestamp)$/;

// Whoever has it may speak for the session.
const withoutSecrets = (sdp) =>
  (sdp || 'none').replace(/^(a=ice-pwd:)(.*)$/gm,
    (line, name, secret) => name + secret.replace(/\S/g, 'x'));

const counts = (entry) => Object.keys(entry)
  .filter((key) => !LEFT_OUT.test(key) && typeof entry[key] !== 'object')
  .map((key) => `${key}=${entry[key]}`).join(' ');

const summaryOf = async (pc) => {
  const lines = [];
  (await pc.getStats()).forEach((entry) => {
    if (TYPES.includes(entry.type))
      lines.push(counts(entry));
  });
  return lines.join('\n') || 'none';
};

export const describe = async (name, message, session) => [
  `stream: ${name}`,
  `time: ${new Date().toISOString()}`,
  `browser: ${navigator.userAgent}`,
  `page: ${document.body.dataset.state} ${message}`,
  '', '--- offer', withoutSecrets(session && session.offer),
  '', '--- answer', withoutSecrets(session && session.answer),
  '', '--- counts', session ? await summaryOf(session.pc) : 'none',
  '',
].join('\n');

// Without HTTPS there is no navigator.clipboard, only the old way.
export const copy = async (text) => {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('readonly', '');
  area.className = 'offscreen';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (!isCopied)
    throw new Error('The browser doesn’t let the page copy.');
};
