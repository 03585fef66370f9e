// The texts of the pages, in plain words.

export const WORDS = {
  connecting: 'Connecting…',
  blocked: 'Your browser blocked automatic playback. Press Play to start.',
  silent: 'The publisher sends nothing at the moment. ' +
    'The picture resumes by itself.',
  lost: 'The connection was lost. Reconnecting…',
  noServer: 'The server can’t be reached. Trying again…',
  firewall: 'The server’s media doesn’t reach your browser: a firewall may ' +
    'be in the way. Trying again…',
  noWebRtc: 'This browser has no WebRTC. ' +
    'Chrome, Edge, Firefox and Safari have it.',
};

// How well a stream arrives, in a word.
export const HEALTH = { good: 'Good', fair: 'Fair', poor: 'Poor',
  unknown: 'Health' };

// By the type of a rejection; for others, the server's own text is shown.
export const REJECTIONS = {
  'no-publisher': () => 'Nobody publishes this stream at the moment. ' +
    'The picture starts by itself.',
  'too-many-viewers': () => 'The server has reached its limit of viewers. ' +
    'The picture starts when there is room.',
  'too-many-requests': () => 'Too many requests come from your network. ' +
    'Trying again…',
  'undecided': () => 'The server can’t check at the moment whether you may ' +
    'watch. Trying again…',
  'token-needed': () => 'This stream is not public: ask for the complete ' +
    'link, with its token.',
  'token-refused': () => 'The token of your link isn’t valid for this ' +
    'stream, or has expired.',
  'unplayable': (rejection) => `${rejection.message} Trying again…`,
  'draining': () => 'The server admits no new viewers at the moment. ' +
    'Trying again…',
  'disconnected': (rejection) => `The server has ended this session: ${
    rejection.message}.`,
  'not-allowed': (rejection) => `You may not watch this stream: ${
    rejection.message}`,
};

export const rejectionText = (rejection) => {
  const words = REJECTIONS[rejection.type];
  if (words)
    return words(rejection);
  return rejection.retryAfterS > 0 ? `${rejection.message} Trying again…` :
    rejection.message;
};

// For a stream whose key frames are too far apart for the server's memory.
export const keyFrameText = (video) => (video.gop_ms ?
  `The publisher sends a key frame every ${
    Math.round(video.gop_ms / 1000)} seconds. ` : '') +
  'The picture starts with the next key frame.';

const codecText = ({ codec }) => codec ? ` (${codec})` : '';

// For a @track of the list that viewers do not get.
const unplayableText = (what, track) =>
  `The publisher’s ${what}${codecText(track)} can’t be played: ${
    track.unplayable}.`;

// Why nothing moves: the page's state, and a text. Depends on the stream's
// entry in the list, and on how many frames have been received and decoded.
export const pictureText = ({ video }, { received, frames }) => {
  if (!video)
    return ['sound', frames > 0 ?
      'The publisher sends sound only at the moment.' :
      'This stream has sound only.'];
  if (video.unplayable)
    return ['sound', unplayableText('picture', video)];
  if (video.waits_for_key_frame)
    return ['waiting', keyFrameText(video)];
  if (frames > 0)
    return ['waiting', 'The picture stands still. It resumes by itself.'];
  return received > 0 ?
    ['sound', 'The picture arrives, but your browser can’t decode it.'] :
    ['waiting', 'The picture has not arrived yet.'];
};

// Why a stream is not played over WebRTC.
const OBSTACLES = {
  'no-webrtc': 'this browser has no WebRTC',
  'no-codec': 'this browser can’t play the stream over WebRTC',
  'no-match': 'the server rejected this browser’s WebRTC',
  'no-udp': 'WebRTC’s packets don’t get through, a firewall may be in the way',
};

// Which way a stream is played, and how far behind the newest frame that has
// arrived, if that is known. @obstacle: see Way.
export const wayText = (isHttp, behindS, obstacle) => [
  `Played over ${isHttp ? 'HTTP' : 'WebRTC'}`,
  behindS === null ? '' : `, ${behindS.toFixed(1)} s behind`,
  isHttp ? `: ${OBSTACLES[obstacle]}` : '',
].join('');

// What is worth knowing while a picture plays; '' for nothing. Over HTTP, each
// track is what the publisher sends.
export const noteText = ({ video, audio }, isHttp = false) => {
  if (isHttp)
    return '';
  if (audio && audio.unplayable)
    return unplayableText('sound', audio);
  return video && video.b_frames === 'pass' ?
    'The publisher sends B-frames: browsers drop them or freeze.' :
    '';
};
