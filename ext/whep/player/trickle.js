// Sends a browser's ICE candidates to a WHEP server as they are found (RFC
// 8840), unless it does without: then it has to find them by itself.

import { credentialsOf } from './whep.js';

// The fragment for @candidates of the offer @sdp; null among them is the end of
// all. Only those of the first m-section count, as all are bundled.
export const fragmentOf = (sdp, candidates) => {
  const [, kind] = /^m=(\w+)/m.exec(sdp);
  const [, mid] = /^a=mid:(\S+)/m.exec(sdp) || [null, '0'];
  return [
    ...credentialsOf(sdp),
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 0`,
    `a=mid:${mid}`,
    ...candidates.map((candidate) => candidate === null ?
      'a=end-of-candidates' : `a=${candidate.candidate}`),
    '',
  ].join('\r\n');
};

export class Trickle {
  // @pc: candidates that it has found before are lost; @send: gets a fragment,
  // and rejects if the server does not take it.
  constructor(pc, send) {
    this.pc = pc;
    this.send = send;
    this.waiting = [];
    this.isOpen = false; // whether the server has answered
    this.isSending = false;
    pc.addEventListener('icecandidate', ({ candidate }) => {
      const isOurs = !candidate || candidate.candidate &&
        !candidate.sdpMLineIndex;
      if (isOurs)
        this.waiting.push(candidate);
      this.flush();
    });
  }

  open() {
    this.isOpen = true;
    this.flush();
  }

  close() {
    this.isOpen = false;
  }

  // One request at a time, so that they arrive in order.
  async flush() {
    if (!this.isOpen || this.isSending || this.waiting.length === 0)
      return;
    this.isSending = true;
    try {
      await this.send(fragmentOf(this.pc.localDescription.sdp,
        this.waiting.splice(0)));
    } catch (error) {
      this.close();
    }
    this.isSending = false;
    this.flush();
  }
}
