// The texts of a stream's tile.

export const sizeText = ({ video }) => !video || !video.width ? '' :
  `${video.width} × ${video.height}`;

export const frameRateText = ({ video }) =>
  !video || !video.frames_per_second ? '' : `${video.frames_per_second} fps`;

export const bitRateText = (stream) => {
  const sum = [stream.video, stream.audio].reduce((all, track) =>
    all + (track && track.bits_per_second || 0), 0);
  if (sum >= 1e6)
    return `${(sum / 1e6).toFixed(1)} Mbit/s`;
  return sum > 0 ? `${Math.round(sum / 1e3)} kbit/s` : '';
};

const CODECS = { H264: 'H.264', H265: 'H.265', OPUS: 'Opus' };

export const codecsText = ({ video, audio }) => [video, audio]
  .filter((track) => track && track.codec)
  .map(({ codec }) => CODECS[codec] || codec).join(' + ');

export const viewersText = ({ viewers }) =>
  viewers === 1 ? '1 viewer' : `${viewers} viewers`;

const DAY_MS = 24 * 3600 * 1000;

// Since when it is live: a time of day or, if that is long ago, a date.
export const sinceText = (stream, nowMs = Date.now()) => {
  const since = new Date(stream.live_since);
  return `since ${nowMs - since < DAY_MS ?
    since.toLocaleTimeString([], { timeStyle: 'short' }) :
    since.toLocaleDateString([], { dateStyle: 'medium' })}`;
};

const B_FRAMES = {
  transcode: 'Transcoded: the publisher sends B-frames',
  drop: 'Possibly fewer frames: the publisher sends B-frames',
  pass: 'May freeze: the publisher sends B-frames',
};

// What is wrong with it; '' for nothing.
export const noteText = ({ video, audio }) => [
  video && B_FRAMES[video.b_frames],
  video && video.note,
  video && video.unplayable && `No picture: ${video.unplayable}`,
  audio && audio.unplayable && `No sound: ${audio.unplayable}`,
].filter(Boolean).join(' · ');

// In place of the picture; '' if there may be one.
export const placeholderText = ({ video }) => {
  if (!video)
    return 'Sound only';
  return video.unplayable ? 'No picture' : '';
};

// Of the encoder doctor: a letter, or ''.
export const gradeOf = ({ doctor }) =>
  doctor && /^[A-F]$/.test(doctor.grade) ? doctor.grade : '';

// The address of a page of that stream, relative to the list.
export const pathOf = (name) =>
  `watch/${name.split('/').map(encodeURIComponent).join('/')}`;

// The name's last part, and what is before it.
export const splitName = (name) => {
  const at = name.indexOf('/') + 1;
  return [name.slice(0, at), name.slice(at)];
};
