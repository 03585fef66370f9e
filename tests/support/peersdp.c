/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The peer's SDP: see peersdp.h. */

#include "tests/support/peersdp.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define PLAYOUT_DELAY                                                          \
  "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
#define SDES_MID "urn:ietf:params:rtp-hdrext:sdes:mid"

static const gchar playout_delay_line[] = "a=extmap:5 " PLAYOUT_DELAY "\r\n";

static const gchar video_lines[] =
    "a=mid:0\r\n"
    "a=extmap:4 http://www.ietf.org/id/"
    "draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
    "a=extmap:9 " SDES_MID "\r\n"
    "a=recvonly\r\na=rtcp-mux\r\na=rtcp-rsize\r\n"
    "a=rtpmap:108 H264/90000\r\n"
    "a=rtcp-fb:108 ccm fir\r\na=rtcp-fb:108 nack\r\n"
    "a=rtcp-fb:108 nack pli\r\n"
    "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;"
    "profile-level-id=42e01f\r\n"
    "a=rtpmap:116 H264/90000\r\n"
    "a=rtcp-fb:116 ccm fir\r\na=rtcp-fb:116 nack\r\n"
    "a=rtcp-fb:116 nack pli\r\n"
    "a=fmtp:116 level-asymmetry-allowed=1;packetization-mode=1;"
    "profile-level-id=4d001f\r\n";

static const gchar audio_lines[] =
    "a=mid:1\r\n"
    "a=extmap:4 http://www.ietf.org/id/"
    "draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
    "a=extmap:9 " SDES_MID "\r\n"
    "a=recvonly\r\na=rtcp-mux\r\na=rtcp-rsize\r\n"
    "a=rtpmap:111 opus/48000/2\r\n"
    "a=fmtp:111 minptime=10;useinbandfec=1\r\n";

static void
append_section (GString *offer, const Peer *peer, const gchar *m_line,
    const gchar *lines)
{
  g_string_append_printf (offer,
      "%s\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\n"
      "a=ice-options:trickle\r\na=fingerprint:sha-256 %s\r\n"
      "a=setup:actpass\r\n%s",
      m_line, peer_ice (peer)->ufrag, peer_ice (peer)->pwd,
      peer_dtls (peer)->fingerprint, lines);
}

gchar *
peer_offer_new (const Peer *peer)
{
  GString *offer = g_string_new ("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n"
                                 "t=0 0\r\na=group:BUNDLE 0 1\r\n"
                                 "a=extmap-allow-mixed\r\n"
                                 "a=msid-semantic: WMS\r\n");

  append_section (offer, peer, "m=video 9 UDP/TLS/RTP/SAVPF 108 116",
      video_lines);
  if (!peer_params (peer)->has_no_playout_delay)
    g_string_append (offer, playout_delay_line);
  append_section (offer, peer, "m=audio 9 UDP/TLS/RTP/SAVPF 111", audio_lines);
  return g_string_free (offer, FALSE);
}

/* "a=mid:0" with prefix "a=mid:" gives "0". */
static const gchar *
after (const gchar *line, const gchar *prefix)
{
  return g_str_has_prefix (line, prefix) ? line + strlen (prefix) : NULL;
}

static void
read_candidate (PeerRemote *self, const gchar *candidate)
{
  g_auto (GStrv) words = g_strsplit (candidate, " ", 8);
  struct in_addr ip;

  if (g_strv_length (words) < 8 || self->address.remote_port != 0)
    return;
  if (g_ascii_strcasecmp (words[2], "udp") != 0 ||
      inet_pton (AF_INET, words[4], &ip) != 1)
    return;
  self->address.remote_ip[10] = self->address.remote_ip[11] = 0xff;
  memcpy (self->address.remote_ip + 12, &ip, 4);
  self->address.remote_port = atoi (words[5]);
}

static void
read_transport (PeerRemote *self, const gchar *line)
{
  const gchar *value;

  if ((value = after (line, "a=ice-ufrag:")) != NULL)
    g_strlcpy (self->ufrag, value, sizeof (self->ufrag));
  else if ((value = after (line, "a=ice-pwd:")) != NULL)
    g_strlcpy (self->pwd, value, sizeof (self->pwd));
  else if ((value = after (line, "a=fingerprint:sha-256 ")) != NULL)
    g_strlcpy (self->fingerprint, value, sizeof (self->fingerprint));
  else if ((value = after (line, "a=candidate:")) != NULL)
    read_candidate (self, value);
}

/* The first of the payload types is the one that is sent. */
static void
read_format (PeerTrack *track, const gchar *value)
{
  g_auto (GStrv) words = g_strsplit_set (value, " /", 4);

  if (g_strv_length (words) < 3 || track->clock_rate != 0)
    return;
  track->pt = atoi (words[0]);
  track->clock_rate = atoi (words[2]);
}

static void
read_track (PeerTrack *track, const gchar *line)
{
  const gchar *value;

  if ((value = after (line, "a=rtpmap:")) != NULL)
    read_format (track, value);
  else if ((value = after (line, "a=ssrc:")) != NULL)
    track->ssrc = strtoul (value, NULL, 10);
}

static PeerTrack *
begin_section (PeerRemote *self, const gchar *line)
{
  gboolean is_video = g_str_has_prefix (line, "m=video ");
  PeerTrack *track = &self->tracks[is_video ? WHEP_VIDEO : WHEP_AUDIO];
  const gchar *port = strchr (line, ' ');

  track->is_accepted = port != NULL && atoi (port) != 0;
  return track;
}

gboolean
peer_remote_parse (PeerRemote *self, const gchar *answer)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\r\n", -1);
  PeerTrack *track = NULL;

  memset (self, 0, sizeof (*self));
  for (guint i = 0; lines[i] != NULL; i++) {
    if (g_str_has_prefix (lines[i], "m="))
      track = begin_section (self, lines[i]);
    read_transport (self, lines[i]);
    if (track != NULL)
      read_track (track, lines[i]);
  }
  return self->ufrag[0] != '\0' && self->address.remote_port != 0;
}
