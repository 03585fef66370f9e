/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A WHEP answer: see answer.h. */

#include "gst/sdp/answer.h"
#include "gst/sdp/sdptext.h"

#include <string.h>

/* RFC 8445 section 5.1.2.1: the type preference of a host candidate. */
#define HOST_PREFERENCE 126
/* More interfaces than any machine offers to viewers. */
#define MAX_CANDIDATES 32

typedef struct
{
  const SdpOffer *offer;
  const SdpAnswerParams *params;
  SdpTrack video;
  SdpTrack audio;
  GString *text;
} Writer;

/* H.264 may be on its way; the others are the machine's to decode. */
static gboolean
refuse_video (const SdpTrack *video, GError **error)
{
  const gchar *name = sdp_track_codec_name (video);

  if (strcmp (name, "H.264") == 0)
    return sdp_refuse (SDP_ERROR_NO_VIDEO_CODEC, error,
        "This browser offers no H.264 video, which this stream needs. A new "
        "Firefox learns it within a minute or two: wait, then reload. Else "
        "use Chrome, Edge or Safari.");
  return sdp_refuse (SDP_ERROR_NO_VIDEO_CODEC, error,
      "This browser offers no %s video on this machine, which this stream "
      "needs. Use another browser or machine, or have the stream published "
      "as H.264.",
      name);
}

/* Video that can't play is never left out in silence. Sound is, so long as
 * there is a picture. */
static gboolean
check_outcomes (const SdpTrack *video, const SdpTrack *audio, GError **error)
{
  if (video->outcome == SDP_NO_CODEC)
    return refuse_video (video, error);
  if (video->outcome == SDP_MODE_0_ONLY)
    return sdp_refuse (SDP_ERROR_PACKETIZATION_MODE, error,
        "This browser offers H.264 video in packetization mode 0 only, and "
        "this stream needs mode 1. Update the browser, or use another one.");
  if (video->outcome == SDP_SERVED || audio->outcome == SDP_SERVED)
    return TRUE;
  if (audio->outcome == SDP_NO_CODEC)
    return sdp_refuse (SDP_ERROR_NO_AUDIO_CODEC, error,
        "This player offers no audio codec that this stream could use. Use "
        "another browser.");
  return sdp_refuse (SDP_ERROR_DIRECTION, error,
      "This player doesn't ask to receive audio or video: its offer must say "
      "a=recvonly or a=sendrecv.");
}

static const SdpTrack *
track_of (const Writer *self, const SdpSection *section)
{
  if (self->video.outcome == SDP_SERVED && self->video.section == section)
    return &self->video;
  if (self->audio.outcome == SDP_SERVED && self->audio.section == section)
    return &self->audio;
  return NULL;
}

/* RFC 9143 section 7.3.1: the group without what is refused. */
static void
write_group (Writer *self)
{
  const GPtrArray *bundle = sdp_offer_bundle (self->offer);

  if (bundle->len == 0)
    return;
  g_string_append (self->text, "a=group:BUNDLE");
  for (guint i = 0; i < bundle->len; i++) {
    const SdpSection *section = bundle->pdata[i];

    if (track_of (self, section) != NULL)
      g_string_append_printf (self->text, " %s", section->mid);
  }
  g_string_append (self->text, "\r\n");
}

static void
write_session (Writer *self)
{
  g_string_append_printf (self->text,
      "v=0\r\n"
      "o=- %" G_GUINT64_FORMAT " 1 IN IP4 127.0.0.1\r\n"
      "s=-\r\n"
      "t=0 0\r\n",
      self->params->session_id);
  write_group (self);
  if (sdp_offer_session (self->offer)->allows_mixed)
    g_string_append (self->text, "a=extmap-allow-mixed\r\n");
  g_string_append (self->text, "a=ice-lite\r\n");
}

static void
write_mid (Writer *self, const SdpSection *section)
{
  if (section->mid != NULL)
    g_string_append_printf (self->text, "a=mid:%s\r\n", section->mid);
}

/* RFC 3264 section 6: an m-section can be refused, but never left out. */
static void
write_refused (Writer *self, const SdpSection *section)
{
  g_string_append_printf (self->text,
      "m=%s 0 %s %s\r\n"
      "c=IN IP4 0.0.0.0\r\n",
      section->media, section->proto, section->format_list);
  write_mid (self, section);
  g_string_append (self->text, "a=inactive\r\n");
}

static const gchar *
address_type (const gchar *address)
{
  return strchr (address, ':') != NULL ? "IP6" : "IP4";
}

static void
write_media (Writer *self, const SdpTrack *track)
{
  const SdpAnswerParams *params = self->params;
  const gchar *address = params->addresses[0];
  guint port = params->port;

  /* RFC 8840 section 4.1.1: what stands for "not known yet". */
  if (address == NULL) {
    address = "0.0.0.0";
    port = 9;
  }
  g_string_append_printf (self->text, "m=%s %u %s %u", track->media, port,
      track->section->proto, track->format->pt);
  if (track->rtx != NULL)
    g_string_append_printf (self->text, " %u", track->rtx->pt);
  g_string_append_printf (self->text, "\r\nc=IN %s %s\r\n",
      address_type (address), address);
}

/* RFC 8445 section 5.1.2.1, for component 1. */
static guint32
candidate_priority (guint index)
{
  return (HOST_PREFERENCE << 24) | ((G_MAXUINT16 - index) << 8) | 255;
}

/* Bundled m-sections share the candidates of the first (RFC 9143). */
static void
write_candidates (Writer *self)
{
  const gchar *const *addresses = self->params->addresses;

  for (guint i = 0; addresses[i] != NULL && i < MAX_CANDIDATES; i++)
    g_string_append_printf (self->text,
        "a=candidate:%u 1 udp %u %s %u typ host\r\n", i + 1,
        candidate_priority (i), addresses[i], self->params->port);
  g_string_append (self->text, "a=end-of-candidates\r\n");
}

static void
write_transport (Writer *self, const SdpSection *section)
{
  g_string_append_printf (self->text,
      "a=ice-ufrag:%s\r\n"
      "a=ice-pwd:%s\r\n"
      "a=fingerprint:sha-256 %s\r\n"
      "a=setup:passive\r\n",
      self->params->ice_ufrag, self->params->ice_pwd,
      self->params->fingerprint);
  g_string_append (self->text, "a=rtcp-mux\r\n");
  if (section->has_rtcp_rsize)
    g_string_append (self->text, "a=rtcp-rsize\r\n");
  /* RFC 3611 section 5.3: we echo its reference times. */
  if (section->has_rcvr_rtt)
    g_string_append (self->text, "a=rtcp-xr:rcvr-rtt=all\r\n");
}

/* Whether the browser would receive the extension. */
static gboolean
is_wanted (const SdpExtension *extension)
{
  return extension->id != 0 &&
      (extension->direction == SDP_SENDRECV ||
          extension->direction == SDP_RECVONLY);
}

/* RFC 8285 section 7: the offered id, the direction seen from our side. */
static void
write_extensions (Writer *self, const SdpSection *section)
{
  for (guint i = 0; i < SDP_N_EXTENSIONS; i++) {
    const SdpExtension *extension = &section->extensions[i];

    if (!is_wanted (extension))
      continue;
    g_string_append_printf (self->text, "a=extmap:%u%s %s\r\n", extension->id,
        extension->direction == SDP_RECVONLY ? "/sendonly" : "",
        sdp_extension_uri (i));
  }
  if (section->allows_mixed)
    g_string_append (self->text, "a=extmap-allow-mixed\r\n");
}

static void
write_feedback (Writer *self, const SdpFormat *format)
{
  if (format->feedback & SDP_NACK)
    g_string_append_printf (self->text, "a=rtcp-fb:%u nack\r\n", format->pt);
  if (format->feedback & SDP_NACK_PLI)
    g_string_append_printf (self->text, "a=rtcp-fb:%u nack pli\r\n",
        format->pt);
  if (format->feedback & SDP_CCM_FIR)
    g_string_append_printf (self->text, "a=rtcp-fb:%u ccm fir\r\n", format->pt);
}

/* The id is the browser's own: Firefox and Safari look no further. The SPS
 * travels with each key frame, for sprop-parameter-sets would grow stale. */
static void
write_h264_parameters (Writer *self, const SdpFormat *format)
{
  g_autofree gchar *id = sdp_format_dup_parameter (format, "profile-level-id");

  g_string_append_printf (self->text,
      "a=fmtp:%u level-asymmetry-allowed=1;packetization-mode=1", format->pt);
  if (id != NULL)
    g_string_append_printf (self->text, ";profile-level-id=%s", id);
  g_string_append (self->text, "\r\n");
}

/* RFC 7587 section 7. Chromium plays stereo only if its peer says stereo. */
static void
write_opus_parameters (Writer *self, const SdpFormat *format)
{
  g_autofree gchar *fec = sdp_format_dup_parameter (format, "useinbandfec");

  g_string_append_printf (self->text,
      "a=fmtp:%u minptime=10;stereo=1;sprop-stereo=1%s\r\n", format->pt,
      g_strcmp0 (fec, "1") == 0 ? ";useinbandfec=1" : "");
}

/* What a receiver says that it takes is what it is sent. */
static void
write_echo (Writer *self, const SdpFormat *format)
{
  if (format->parameters != NULL)
    g_string_append_printf (self->text, "a=fmtp:%u %s\r\n", format->pt,
        format->parameters);
}

static void
write_parameters (Writer *self, const SdpTrack *track)
{
  switch (track->codec->parameters) {
    case SDP_PARAMETERS_NONE:
      return;
    case SDP_PARAMETERS_H264:
      write_h264_parameters (self, track->format);
      return;
    case SDP_PARAMETERS_OPUS:
      write_opus_parameters (self, track->format);
      return;
    case SDP_PARAMETERS_ECHO:
      write_echo (self, track->format);
      return;
  }
}

static void
write_format (Writer *self, const SdpTrack *track)
{
  g_string_append_printf (self->text, "a=rtpmap:%u %s\r\n", track->format->pt,
      track->codec->rtpmap);
  write_feedback (self, track->format);
  write_parameters (self, track);
  if (track->rtx != NULL)
    g_string_append_printf (self->text,
        "a=rtpmap:%u rtx/%u\r\n"
        "a=fmtp:%u apt=%u\r\n",
        track->rtx->pt, track->codec->clock_rate, track->rtx->pt,
        track->format->pt);
}

static void
write_ssrc (Writer *self, const SdpTrack *track, guint32 ssrc)
{
  const SdpAnswerParams *params = self->params;

  g_string_append_printf (self->text,
      "a=ssrc:%u cname:%s\r\n"
      "a=ssrc:%u msid:%s %s\r\n",
      ssrc, params->cname, ssrc, params->stream_id, track->media);
}

/* One MediaStream for both tracks, so that they are kept in step. */
static void
write_source (Writer *self, const SdpTrack *track)
{
  const SdpSource *source = track->source;

  g_string_append_printf (self->text, "a=msid:%s %s\r\n",
      self->params->stream_id, track->media);
  if (track->rtx != NULL)
    g_string_append_printf (self->text, "a=ssrc-group:FID %u %u\r\n",
        source->ssrc, source->rtx_ssrc);
  write_ssrc (self, track, source->ssrc);
  if (track->rtx != NULL)
    write_ssrc (self, track, source->rtx_ssrc);
}

static gboolean
has_candidates (const Writer *self, const SdpSection *section)
{
  const GPtrArray *bundle = sdp_offer_bundle (self->offer);

  for (guint i = 0; i < bundle->len; i++) {
    if (track_of (self, bundle->pdata[i]) != NULL)
      return bundle->pdata[i] == section;
  }
  return TRUE;
}

static void
write_served (Writer *self, const SdpTrack *track)
{
  const SdpSection *section = track->section;

  write_media (self, track);
  if (has_candidates (self, section))
    write_candidates (self);
  write_transport (self, section);
  write_mid (self, section);
  write_extensions (self, section);
  g_string_append (self->text, "a=sendonly\r\n");
  write_format (self, track);
  write_source (self, track);
}

static gchar *
write_answer (Writer *self)
{
  self->text = g_string_new (NULL);
  write_session (self);
  for (guint i = 0; i < sdp_offer_n_sections (self->offer); i++) {
    const SdpSection *section = sdp_offer_section (self->offer, i);
    const SdpTrack *track = track_of (self, section);

    if (track != NULL)
      write_served (self, track);
    else
      write_refused (self, section);
  }
  return g_string_free (self->text, FALSE);
}

static guint8
extension_id (const SdpSection *section, SdpExtensionKind kind)
{
  const SdpExtension *extension = &section->extensions[kind];

  return is_wanted (extension) ? extension->id : 0;
}

static void
fill_media (SdpAnswerMedia *media, const SdpTrack *track)
{
  if (track->outcome != SDP_SERVED)
    return;
  *media = (SdpAnswerMedia){
    .is_accepted = TRUE,
    .encoding_name = track->codec->encoding_name,
    .pt = track->format->pt,
    .clock_rate = track->codec->clock_rate,
    .playout_delay_id = extension_id (track->section, SDP_PLAYOUT_DELAY),
    .abs_capture_time_id = extension_id (track->section, SDP_ABS_CAPTURE_TIME),
    .rtx_pt = track->rtx == NULL ? 0 : track->rtx->pt,
    .has_rcvr_rtt = track->section->has_rcvr_rtt,
  };
  if (track->section->mid != NULL)
    g_strlcpy (media->mid, track->section->mid, sizeof (media->mid));
}

SdpAnswer *
sdp_answer_new (const SdpOffer *offer, const SdpAnswerParams *params,
    GError **error)
{
  Writer writer = { .offer = offer, .params = params };
  SdpAnswer *self;

  sdp_track_init (&writer.video, "video", &params->video, "H264", offer);
  sdp_track_init (&writer.audio, "audio", &params->audio, "OPUS", offer);
  if (!check_outcomes (&writer.video, &writer.audio, error))
    return NULL;

  self = g_new0 (SdpAnswer, 1);
  self->text = write_answer (&writer);
  fill_media (&self->video, &writer.video);
  fill_media (&self->audio, &writer.audio);
  return self;
}

void
sdp_answer_free (SdpAnswer *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_free (self);
}
