/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The peer's SDP: see peersdp.h. */

#include "whepbench/peersdp.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define PLAYOUT_DELAY                                                          \
  "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
#define SDES_MID "urn:ietf:params:rtp-hdrext:sdes:mid"

#define AVC "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id="
#define VIDEO_HZ 90000
/* RFC 3551: of a payload type that needs no a=rtpmap. */
#define STATIC_AUDIO_HZ 8000

static const gchar playout_delay_line[] = "a=extmap:5 " PLAYOUT_DELAY "\r\n";

/* As a browser is likely to prefer them. Of each, the retransmissions have the
 * next payload type. */
static const struct
{
  const gchar *encoding_name;
  guint8 pt;
  const gchar *parameters; /* nullable */
} codecs[] = {
  { "H264", 108, AVC "42e01f" },
  { "H264", 116, AVC "4d001f" },
  { "H264", 112, AVC "64001f" },
  { "VP8", 96, NULL },
  { "VP9", 98, "profile-id=0" },
  { "H265", 49, "level-id=180;profile-id=1;tier-flag=0;tx-mode=SRST" },
  { "AV1", 45, "level-idx=19;profile=0;tier=0" },
};
/* The first two: what each server can send. */
#define N_PLAIN_CODECS 2

static const gchar section_lines[] =
    "a=extmap:4 http://www.ietf.org/id/"
    "draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
    "a=extmap:9 " SDES_MID "\r\n"
    "a=recvonly\r\na=rtcp-mux\r\na=rtcp-rsize\r\n";

static const gchar audio_lines[] = "a=rtpmap:111 opus/48000/2\r\n"
                                   "a=fmtp:111 minptime=10;useinbandfec=1\r\n";

const gchar *
peer_codec_at (guint index)
{
  static const gchar *const names[] = { "H264", "VP8", "VP9", "H265", "AV1" };

  return index < G_N_ELEMENTS (names) ? names[index] : NULL;
}

static gboolean
is_offered (const PeerOfferParams *params, guint index)
{
  return params->video_codec == NULL ||
      g_ascii_strcasecmp (params->video_codec, codecs[index].encoding_name) ==
      0;
}

/* RFC 8445 section 5.1.2.1: of a host candidate, the @index-th address. */
static guint
priority_of (guint index)
{
  return 126u << 24 | (65535 - index) << 8 | 255;
}

static void
append_candidates (GString *offer, const PeerOfferParams *params)
{
  if (params->addresses == NULL)
    return;
  for (guint i = 0; params->addresses[i] != NULL; i++)
    g_string_append_printf (offer, "a=candidate:%u 1 udp %u %s %u typ host\r\n",
        i + 1, priority_of (i), params->addresses[i], params->port);
  g_string_append (offer, "a=end-of-candidates\r\n");
}

static void
append_section (GString *offer, const Peer *peer, guint mid)
{
  g_string_append_printf (offer,
      "\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\n"
      "a=ice-options:trickle\r\na=fingerprint:sha-256 %s\r\n"
      "a=setup:actpass\r\na=mid:%u\r\n%s",
      peer_ice (peer)->ufrag, peer_ice (peer)->pwd,
      peer_dtls (peer)->fingerprint, mid, section_lines);
}

static void
append_codec (GString *offer, guint index, gboolean has_rtx)
{
  guint pt = codecs[index].pt;

  g_string_append_printf (offer,
      "a=rtpmap:%u %s/90000\r\na=rtcp-fb:%u ccm fir\r\na=rtcp-fb:%u nack\r\n"
      "a=rtcp-fb:%u nack pli\r\n",
      pt, codecs[index].encoding_name, pt, pt, pt);
  if (codecs[index].parameters != NULL)
    g_string_append_printf (offer, "a=fmtp:%u %s\r\n", pt,
        codecs[index].parameters);
  if (has_rtx)
    g_string_append_printf (offer,
        "a=rtpmap:%u rtx/90000\r\na=fmtp:%u apt=%u\r\n", pt + 1, pt + 1, pt);
}

/* The first @n_codecs of those that the parameters ask for. */
static void
append_video (GString *offer, const Peer *peer, const PeerOfferParams *params,
    guint n_codecs)
{
  g_string_append (offer, "m=video 9 UDP/TLS/RTP/SAVPF");
  for (guint i = 0; i < n_codecs; i++) {
    if (!is_offered (params, i))
      continue;
    g_string_append_printf (offer, " %u", codecs[i].pt);
    if (params->has_rtx)
      g_string_append_printf (offer, " %u", codecs[i].pt + 1);
  }
  append_section (offer, peer, 0);
  for (guint i = 0; i < n_codecs; i++)
    if (is_offered (params, i))
      append_codec (offer, i, params->has_rtx);
  if (!peer_params (peer)->has_no_playout_delay)
    g_string_append (offer, playout_delay_line);
  append_candidates (offer, params);
}

static gchar *
write_offer (const Peer *peer, const PeerOfferParams *params, guint n_codecs)
{
  GString *offer = g_string_new ("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n"
                                 "t=0 0\r\na=group:BUNDLE");

  g_string_append_printf (offer,
      "%s\r\na=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n",
      params->is_audio_only ? " 1" : " 0 1");
  if (!params->is_audio_only)
    append_video (offer, peer, params, n_codecs);
  g_string_append (offer, "m=audio 9 UDP/TLS/RTP/SAVPF 111");
  append_section (offer, peer, 1);
  g_string_append (offer, audio_lines);
  if (params->is_audio_only)
    append_candidates (offer, params);
  return g_string_free (offer, FALSE);
}

gchar *
peer_offer_new (const Peer *peer, const PeerOfferParams *params)
{
  return write_offer (peer, params, G_N_ELEMENTS (codecs));
}

gchar *
peer_offer_new_plain (const Peer *peer)
{
  const PeerOfferParams params = { NULL };

  return write_offer (peer, &params, N_PLAIN_CODECS);
}

/* "a=mid:0" with prefix "a=mid:" gives "0". */
static const gchar *
after (const gchar *line, const gchar *prefix)
{
  return g_str_has_prefix (line, prefix) ? line + strlen (prefix) : NULL;
}

static gboolean
read_number (const gchar *word, guint min, guint max, guint *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (word, 10, min, max, &value, NULL))
    return FALSE;
  *number = value;
  return TRUE;
}

/* IPv4 is written v4-mapped (RFC 4291 section 2.5.5.2). */
static gboolean
read_ip (const gchar *word, guint8 ip[16])
{
  if (inet_pton (AF_INET6, word, ip) == 1)
    return TRUE;
  memset (ip, 0, 10);
  ip[10] = ip[11] = 0xff;
  return inet_pton (AF_INET, word, ip + 12) == 1;
}

static void
add_address (PeerRemote *self, const WhepAddress *address)
{
  if (self->address.remote_port == 0)
    self->address = *address;
  else if (self->n_others < G_N_ELEMENTS (self->others))
    self->others[self->n_others++] = *address;
}

/* RFC 8839 section 5.1. What is no literal address is a name on the server's
 * own network. */
static void
read_candidate (PeerRemote *self, const gchar *candidate)
{
  g_auto (GStrv) words = g_strsplit (candidate, " ", 8);
  WhepAddress address = { .remote_port = 0 };
  guint port;

  if (g_strv_length (words) < 8 || !g_str_equal (words[1], "1") ||
      g_ascii_strcasecmp (words[2], "udp") != 0 ||
      !read_ip (words[4], address.remote_ip) ||
      !read_number (words[5], 1, G_MAXUINT16, &port))
    return;
  address.remote_port = port;
  add_address (self, &address);
}

static const gchar *
after_sha256 (const gchar *line)
{
  static const gchar prefix[] = "a=fingerprint:sha-256 ";

  return g_ascii_strncasecmp (line, prefix, strlen (prefix)) == 0
      ? line + strlen (prefix)
      : NULL;
}

static void
read_transport (PeerRemote *self, const gchar *line)
{
  const gchar *value;

  if ((value = after (line, "a=ice-ufrag:")) != NULL)
    g_strlcpy (self->ufrag, value, sizeof (self->ufrag));
  else if ((value = after (line, "a=ice-pwd:")) != NULL)
    g_strlcpy (self->pwd, value, sizeof (self->pwd));
  else if ((value = after_sha256 (line)) != NULL)
    g_strlcpy (self->fingerprint, value, sizeof (self->fingerprint));
  else if ((value = after (line, "a=setup:")) != NULL)
    self->is_active = g_str_equal (value, "active");
  else if ((value = after (line, "a=candidate:")) != NULL)
    read_candidate (self, value);
}

static void
read_rtpmap (PeerTrack *track, const gchar *value)
{
  g_auto (GStrv) words = g_strsplit_set (value, " /", 4);
  guint pt, clock_rate;

  if (g_strv_length (words) < 3 || !read_number (words[0], 0, 127, &pt) ||
      pt != track->pt || !read_number (words[2], 1, G_MAXINT32, &clock_rate))
    return;
  g_strlcpy (track->encoding_name, words[1], sizeof (track->encoding_name));
  track->clock_rate = clock_rate;
}

/* Of a retransmission's format: "109 apt=108". */
static void
read_fmtp (PeerTrack *track, const gchar *value)
{
  const gchar *apt = strstr (value, " apt=");
  guint pt;
  gchar *end;

  if (apt == NULL || strtoul (apt + strlen (" apt="), NULL, 10) != track->pt)
    return;
  pt = strtoul (value, &end, 10);
  if (end != value && *end == ' ' && pt <= 127)
    track->rtx_pt = pt;
}

static void
read_track (PeerTrack *track, const gchar *line)
{
  const gchar *value;

  if ((value = after (line, "a=rtpmap:")) != NULL)
    read_rtpmap (track, value);
  else if ((value = after (line, "a=fmtp:")) != NULL)
    read_fmtp (track, value);
  else if ((value = after (line, "a=ssrc:")) != NULL && track->ssrc == 0)
    track->ssrc = strtoul (value, NULL, 10);
}

/* "m=video 9 UDP/TLS/RTP/SAVPF 108 109": the first format is the one that is
 * sent. Returns: (nullable): the track that the m-section is about. */
static PeerTrack *
begin_section (PeerRemote *self, const gchar *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 5);
  gboolean is_video = g_str_equal (words[0], "m=video");
  PeerTrack *track = &self->tracks[is_video ? WHEP_VIDEO : WHEP_AUDIO];
  guint port, pt;

  if ((!is_video && !g_str_equal (words[0], "m=audio")) || track->is_accepted ||
      g_strv_length (words) < 4 ||
      !read_number (words[1], 0, G_MAXUINT16, &port) ||
      !read_number (words[3], 0, 127, &pt))
    return NULL;
  *track = (PeerTrack){ .is_accepted = port != 0,
    .pt = pt,
    .clock_rate = is_video ? VIDEO_HZ : STATIC_AUDIO_HZ };
  return track;
}

const gchar *
peer_remote_fault (const PeerRemote *self)
{
  if (!self->tracks[WHEP_VIDEO].is_accepted &&
      !self->tracks[WHEP_AUDIO].is_accepted)
    return "the answer accepts no track";
  if (self->ufrag[0] == '\0' || self->pwd[0] == '\0')
    return "the answer has no ICE credentials";
  if (self->fingerprint[0] == '\0')
    return "the answer has no SHA-256 fingerprint";
  if (self->address.remote_port == 0)
    return "the answer has no UDP candidate with an address";
  return NULL;
}

gboolean
peer_remote_parse (PeerRemote *self, const gchar *answer)
{
  g_auto (GStrv) lines = g_strsplit (answer, "\n", -1);
  PeerTrack *track = NULL;

  memset (self, 0, sizeof (*self));
  for (guint i = 0; lines[i] != NULL; i++) {
    const gchar *line = g_strchomp (lines[i]);

    if (g_str_has_prefix (line, "m="))
      track = begin_section (self, line);
    read_transport (self, line);
    if (track != NULL)
      read_track (track, line);
  }
  return peer_remote_fault (self) == NULL;
}
