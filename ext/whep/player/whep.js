// One WHEP session: an offer is sent, an answer comes back, media flows.
// draft-ietf-wish-whep; independent of the page.

const PROBLEM_URN = 'urn:problem-type:whep:';
const FRAGMENT = 'application/trickle-ice-sdpfrag';

// The server has rejected a request; the message is for the viewer.
export class Rejection extends Error {
  constructor(message, status, retryAfterS, type) {
    super(message);
    this.status = status;
    this.retryAfterS = retryAfterS; // 0: another attempt is useless
    this.type = type; // '' if unknown
  }
}

// Browsers mix Opus down to mono unless their own offer says otherwise.
export const withStereo = (sdp) => {
  const opus = /^a=rtpmap:(\d+) opus\//im.exec(sdp);
  if (!opus)
    return sdp;
  const fmtp = new RegExp(`^a=fmtp:${opus[1]} (.*)$`, 'm').exec(sdp);
  if (!fmtp)
    return sdp.replace(/^(a=rtpmap:\d+ opus\/.*)$/im,
      `$1\r\na=fmtp:${opus[1]} stereo=1`);
  if (/(^|;)\s*stereo=/.test(fmtp[1]))
    return sdp;
  const line = fmtp[0].replace(/\s*$/, '');
  return sdp.replace(line, `${line};stereo=1`);
};

const PLAYOUT_DELAY = /^a=extmap:.*\/playout-delay\r?\n/gm;

// Without playout delay 0 in the offer, the browser itself decides on the delay
// of the picture, and lets it wait for the sound.
export const withoutPlayoutDelay = (sdp) => sdp.replace(PLAYOUT_DELAY, '');

export const rejectionOf = async (response) => {
  const retryAfterS = Number(response.headers.get('Retry-After')) || 0;
  let detail = `The server says: ${response.status} ${response.statusText}`;
  let type = '';
  try {
    const problem = await response.json();
    detail = problem.detail || problem.title || detail;
    type = String(problem.type || '').replace(PROBLEM_URN, '');
  } catch (error) {
    // A proxy's page: there is only the status.
  }
  return new Rejection(detail, response.status, retryAfterS, type);
};

const CREDENTIAL = /^a=ice-(ufrag|pwd):.*$/gm;

// All m-sections are bundled: their credentials are the same.
export const credentialsOf = (sdp) =>
  [...new Set(sdp.match(CREDENTIAL))].map((line) => line.trim());

// The answer @sdp with the ICE credentials of @fragment.
export const withCredentials = (sdp, fragment) => {
  const lines = credentialsOf(fragment);
  return sdp.replace(CREDENTIAL, (line, name) =>
    lines.find((other) => other.startsWith(`a=ice-${name}:`)) +
    (line.endsWith('\r') ? '\r' : ''));
};

// The picture is shown as soon as it arrives; sound keeps its small buffer.
const hurry = (receiver) => {
  if ('jitterBufferTarget' in receiver)
    receiver.jitterBufferTarget = 0;
  else if ('playoutDelayHint' in receiver)
    receiver.playoutDelayHint = 0;
};

export class WhepSession {
  // onTrack gets each MediaStreamTrack; onState 'connected', 'disconnected'
  // (may recover by itself), 'failed' (will not) or 'ended' (by the server).
  // isInSync: the picture waits for the sound instead of being shown at once.
  constructor(endpoint, onTrack, onState, isInSync) {
    this.endpoint = endpoint;
    this.isInSync = isInSync;
    this.offer = null;
    this.answer = null;
    this.location = null;
    this.isClosed = false;
    this.wasConnected = false;
    this.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.pc.ontrack = (event) => {
      if (event.track.kind === 'video' && !isInSync)
        hurry(event.receiver);
      this.watchTransport(event.receiver.transport, onState);
      onTrack(event.track);
    };
    this.pc.onconnectionstatechange = () => this.report(onState);
    this.pc.oniceconnectionstatechange = () => this.report(onState);
  }

  report(onState) {
    const states = [this.pc.connectionState, this.pc.iceConnectionState];
    if (this.isClosed)
      return;
    this.wasConnected = this.wasConnected || this.isConnected();
    if (states.includes('closed'))
      onState('ended');
    else if (states.includes('failed'))
      onState('failed');
    else if (states.includes('disconnected'))
      onState('disconnected');
    // Older Firefox has no connectionState.
    else if ((states[0] || 'connected') === 'connected' &&
        ['connected', 'completed'].includes(states[1]))
      onState('connected');
  }

  // A close_notify of the server leaves the connection's own state as it is.
  watchTransport(transport, onState) {
    if (transport)
      transport.addEventListener('statechange', () => {
        if (!this.isClosed && ['closed', 'failed'].includes(transport.state))
          onState(transport.state === 'closed' ? 'ended' : 'failed');
      });
  }

  // May be called again after a rejection: the offer remains valid.
  async open() {
    if (this.offer === null)
      this.offer = await this.makeOffer();
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: this.offer,
    });
    if (response.status !== 201)
      throw await rejectionOf(response);
    this.location = new URL(response.headers.get('Location'), response.url);
    this.answer = await response.text();
    if (this.isClosed)
      this.sayGoodbye();
    else
      await this.pc.setRemoteDescription(
        { type: 'answer', sdp: this.answer });
  }

  async makeOffer() {
    this.pc.addTransceiver('video', { direction: 'recvonly' });
    this.pc.addTransceiver('audio', { direction: 'recvonly' });
    const offer = await this.pc.createOffer();
    const sdp = withStereo(offer.sdp);
    await this.pc.setLocalDescription({ type: 'offer', sdp });
    return this.isInSync ? withoutPlayoutDelay(sdp) : sdp;
  }

  // After a change of network or an outage: restarts ICE, and keeps everything
  // else.
  async restart() {
    const offer = await this.pc.createOffer({ iceRestart: true });
    const sdp = withStereo(offer.sdp);
    await this.pc.setLocalDescription({ type: 'offer', sdp });
    const response = await fetch(this.location, {
      method: 'PATCH',
      headers: { 'Content-Type': FRAGMENT, 'If-Match': '*' },
      body: credentialsOf(sdp).join('\r\n') + '\r\n',
    });
    if (response.status !== 200)
      throw await rejectionOf(response);
    this.answer = withCredentials(this.answer, await response.text());
    if (!this.isClosed)
      await this.pc.setRemoteDescription(
        { type: 'answer', sdp: this.answer });
  }

  isConnected() {
    return ['connected', 'completed'].includes(this.pc.iceConnectionState);
  }

  // Whether the server still has the session. Throws if it cannot be asked.
  async isKnown() {
    return (await fetch(this.location, { method: 'HEAD' })).ok;
  }

  // Works on a page that is being unloaded, too.
  sayGoodbye() {
    if (this.location)
      fetch(this.location, { method: 'DELETE', keepalive: true })
        .catch(() => {});
    this.location = null;
  }

  close() {
    this.isClosed = true;
    this.sayGoodbye();
    this.pc.close();
  }
}
