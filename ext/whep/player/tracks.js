// The tracks of one publisher: each but the first is a stream of its own,
// APP/KEY/TRACK.

const NAME = /^([^/]+\/[^/]+)(?:\/(\d{1,3}))?$/;

const partsOf = (name) => {
  const match = NAME.exec(name);
  return match && { base: match[1], number: Number(match[2] || 0) };
};

const labelOf = ({ video, audio }, number) => {
  const picture = video && [video.height ? `${video.height}p` : '', video.codec]
    .filter(Boolean).join(' ');
  return [`Track ${number + 1}`, picture || (audio ? 'sound only' : '')]
    .filter(Boolean).join(' · ');
};

// Of the list @streams, those of the publisher of the stream @name, in order:
// {name, label}; [] if it has only one.
export const tracksOf = (streams, name) => {
  const own = partsOf(name);
  if (!own)
    return [];
  const found = streams.map((stream) => ({ stream, ...partsOf(stream.name) }))
    .filter(({ base }) => base === own.base)
    .sort((a, b) => a.number - b.number)
    .map(({ stream, number }) => ({ name: stream.name,
      label: labelOf(stream, number) }));
  return found.length > 1 ? found : [];
};
