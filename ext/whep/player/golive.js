// What to enter where, to publish to this server.

const DEFAULT_PORTS = { rtmp: 1935, rtmps: 443 };
// Stands for what the server's operator has.
const SECRET = 'SECRET';

// For an entry of api/ingest, as seen from the page's @hostname.
export const serverUrl = ({ scheme, host, port, path }, hostname) =>
  `${scheme}://${host || hostname}${
    port === DEFAULT_PORTS[scheme] ? '' : `:${port}`}${path}`;

// What publishers need; '' for nothing.
export const accessText = (access) => ({
  keys: 'This server requires a secret: put it in place of SECRET. If it is ' +
    'a user name and a password, enter them as your encoder’s login (in ' +
    'OBS: “Use authentication”) instead. The server’s operator has it.',
  asked: 'The server’s operator decides who may publish: ask for your stream ' +
    'key, or for a user name and a password.',
})[access] || '';

// Of one word, for a shell.
const quote = (word) => /^[\w:./-]+$/.test(word) ? word :
  `'${word.replace(/'/g, '\'\\\'\'')}'`;

// The stream's name, APP/KEY.
export const nameOf = (server, key) => `${server.path.slice(1)}/${key}`;

// Larix Broadcaster's “Grove” link. It has no secret: that is entered there.
const larixLink = (url, name) => `larix://set/v1?${[
  ['url', url], ['name', name], ['overwrite', 'on'], ['active', 'on'],
].map(([field, value]) => `conn[][${field}]=${encodeURIComponent(value)}`)
  .join('&')}`;

// @server: an entry of api/ingest. @key: the stream key, as a user enters it.
export const settingsOf = (server, key, access, hostname) => {
  const base = serverUrl(server, hostname);
  const streamKey = key + (access === 'keys' ? `?token=${SECRET}` : '');
  const url = `${base}/${streamKey}`;
  return {
    server: base,
    key: streamKey,
    ffmpeg: 'ffmpeg -re -i INPUT -c:v libx264 -preset veryfast ' +
      '-tune zerolatency -pix_fmt yuv420p -g 60 -c:a aac -b:a 128k ' +
      `-f flv ${quote(url)}`,
    gstreamer: 'gst-launch-1.0 videotestsrc is-live=true ! ' +
      'video/x-raw,width=1280,height=720,framerate=30/1 ! x264enc ' +
      'tune=zerolatency speed-preset=veryfast key-int-max=60 ! ' +
      'video/x-h264,profile=main ! flvmux name=mux streamable=true ! ' +
      `rtmp2sink location=${quote(url)} audiotestsrc is-live=true ! ` +
      'audioconvert ! avenc_aac ! mux.',
    larixUrl: url,
    larix: larixLink(`${base}/${key}`, nameOf(server, key)),
  };
};
