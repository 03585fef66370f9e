// The thread of a ReorderedSession: takes the encoded frames from the browser,
// whose own decoder gets none, decodes them and shows them in a track.

import { Presenter } from './presenter.js';
import { Reordering } from './reordering.js';

const REPORT_MS = 250;

let presenter = null;

// @writable: of the track.
const begin = ({ writable }) => {
  const writer = writable.getWriter();
  presenter = new Presenter({
    show: (frame) => writer.write(frame).catch(() => frame.close()),
    onRoom: () => reordering.decode(),
    now: () => performance.timeOrigin + performance.now(),
  });
  const reordering = new Reordering({
    makeDecoder: (callbacks) => new VideoDecoder(callbacks),
    makeChunk: (chunk) => new EncodedVideoChunk(chunk),
    onFrame: (frame) => presenter.add(frame),
    nShown: () => presenter.frames.length,
    onFailure: (error) => postMessage({ failure: String(error) }),
  });
  setInterval(() => postMessage({ counts: {
    taken: reordering.nTaken,
    decoded: reordering.nDecoded,
    shown: presenter.nShown,
    earliestMs: presenter.earliestMs,
  } }), REPORT_MS);
  return reordering;
};

self.onrtctransform = async ({ transformer }) => {
  const reordering = begin(transformer.options);
  const reader = transformer.readable.getReader();
  for (let { value, done } = await reader.read(); !done;
    { value, done } = await reader.read()) {
    const { rtpTimestamp = value.timestamp } = value.getMetadata();
    reordering.take(value.type, new Uint8Array(value.data), rtpTimestamp);
  }
};

self.onmessage = ({ data }) => presenter && presenter.setSound(data.soundMs);
