/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A WHEP answer: see answer.h. */

#include "gst/sdp/answer.h"
#include "gst/sdp/sdptext.h"

#include <string.h>

/* The type preference of host candidates: RFC 8445 section 5.1.2.1. */
#define HOST_PREFERENCE 126
/* The approximate size of an answer. */
#define USUAL_BYTES 4096
/* More interfaces than any machine offers to viewers. */
#define MAX_CANDIDATES 32

typedef struct
{
  const SdpOffer *offer;
  const SdpAnswerParams *params;
  SdpBrowser browser;
  SdpCodecMatch video;
  SdpCodecMatch audio;
  /* Its transport serves all bundled m-sections; NULL without a group. */
  const SdpSection *tag;
  /* Of the tag if it gets no track: accepted only for its transport. */
  const SdpFormat *idle_format;
  GString *text;
} Writer;

static gboolean
reject_video (const Writer *self, GError **error)
{
  const gchar *name = sdp_codec_match_codec_name (&self->video);

  return sdp_error_set (SDP_ERROR_NO_VIDEO_CODEC, error,
      "This browser offers no %s video, which this stream needs. %s", name,
      sdp_browser_advice (self->browser, name));
}

/* Video that can't be played is always an error. Missing audio is not, if there
 * is video. */
static gboolean
check_outcomes (const Writer *self, GError **error)
{
  const SdpCodecMatch *video = &self->video, *audio = &self->audio;

  if (video->outcome == SDP_NO_CODEC)
    return reject_video (self, error);
  if (video->outcome == SDP_MODE_0_ONLY)
    return sdp_error_set (SDP_ERROR_PACKETIZATION_MODE, error,
        "This browser offers H.264 video in packetization mode 0 only, and "
        "this stream needs mode 1. Update the browser, or use another one.");
  if (video->outcome == SDP_SERVED || audio->outcome == SDP_SERVED)
    return TRUE;
  if (audio->outcome == SDP_NO_CODEC)
    return sdp_error_set (SDP_ERROR_NO_AUDIO_CODEC, error,
        "This player offers no audio codec that this stream could use. Use "
        "another browser.");
  return sdp_error_set (SDP_ERROR_DIRECTION, error,
      "This player doesn't ask to receive audio or video: its offer must say "
      "a=recvonly or a=sendrecv.");
}

static const SdpCodecMatch *
match_of (const Writer *self, const SdpSection *section)
{
  if (self->video.outcome == SDP_SERVED && self->video.section == section)
    return &self->video;
  if (self->audio.outcome == SDP_SERVED && self->audio.section == section)
    return &self->audio;
  return NULL;
}

static gboolean
is_accepted (const Writer *self, const SdpSection *section)
{
  return match_of (self, section) != NULL || section == self->tag;
}

/* RFC 9143 section 7.3.1: the first m-section of the group that is accepted and
 * has a port in the offer. If none with a track has one, another acceptable
 * m-section provides the transport, and is otherwise unused. */
static gboolean
choose_tag (Writer *self, GError **error)
{
  const GPtrArray *bundle = sdp_offer_bundle (self->offer);

  for (guint i = 0; i < bundle->len && self->tag == NULL; i++) {
    const SdpSection *section = bundle->pdata[i];

    if (match_of (self, section) != NULL && section->port != 0)
      self->tag = section;
  }
  for (guint i = 0; i < bundle->len && self->tag == NULL; i++) {
    const SdpSection *section = bundle->pdata[i];

    if (section->port == 0 || !sdp_section_is_rtp (section))
      continue;
    self->idle_format = sdp_codec_match_find_known (section);
    if (self->idle_format != NULL)
      self->tag = section;
  }
  return bundle->len == 0 || self->tag != NULL ||
      sdp_error_set (SDP_ERROR_NO_BUNDLE, error,
          "This player can't be connected: its offer bundles audio and video "
          "into an m-section that can't be answered.");
}

/* RFC 9143 section 7.3: the tag first, then the other accepted m-sections. */
static void
write_group (Writer *self)
{
  const GPtrArray *bundle = sdp_offer_bundle (self->offer);

  if (self->tag == NULL)
    return;
  g_string_append_printf (self->text, "a=group:BUNDLE %s", self->tag->mid);
  for (guint i = 0; i < bundle->len; i++) {
    const SdpSection *section = bundle->pdata[i];

    if (section != self->tag && is_accepted (self, section))
      g_string_append_printf (self->text, " %s", section->mid);
  }
  g_string_append (self->text, "\r\n");
}

/* RFC 8829 section 5.3.1: the LS group is echoed if offered, because both
 * tracks are in one MediaStream. */
static void
write_lip_sync (Writer *self)
{
  const SdpSection *video = self->video.section, *audio = self->audio.section;

  if (self->video.outcome == SDP_SERVED && self->audio.outcome == SDP_SERVED &&
      sdp_offer_syncs (self->offer, video, audio))
    g_string_append_printf (self->text, "a=group:LS %s %s\r\n", video->mid,
        audio->mid);
}

/* RFC 8829 section 5.3.1: the ICE options that were offered. Trickled
 * candidates are accepted, although they are not needed. */
static void
write_ice_options (Writer *self)
{
  SdpIceOptions offered =
      sdp_offer_transport (self->offer)->transport.ice_options;

  if (offered == 0)
    return;
  g_string_append_printf (self->text, "a=ice-options:%s%s%s\r\n",
      offered & SDP_ICE_TRICKLE ? "trickle" : "",
      offered == (SDP_ICE_TRICKLE | SDP_ICE_2) ? " " : "",
      offered & SDP_ICE_2 ? "ice2" : "");
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
  write_lip_sync (self);
  if (sdp_offer_session (self->offer)->allows_mixed)
    g_string_append (self->text, "a=extmap-allow-mixed\r\n");
  g_string_append (self->text, "a=ice-lite\r\n");
  write_ice_options (self);
}

static void
write_mid (Writer *self, const SdpSection *section)
{
  if (section->mid != NULL)
    g_string_append_printf (self->text, "a=mid:%s\r\n", section->mid);
}

/* RFC 3264 section 6: an m-section can be rejected, but not omitted. */
static void
write_rejected (Writer *self, const SdpSection *section)
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
write_media (Writer *self, const SdpSection *section, const SdpFormat *format,
    const SdpFormat *rtx)
{
  const SdpAnswerParams *params = self->params;
  const gchar *address = params->addresses[0];
  guint port = params->port;

  /* RFC 8840 section 4.1.1: the placeholder for an address that is not known
   * yet. */
  if (address == NULL) {
    address = "0.0.0.0";
    port = 9;
  }
  g_string_append_printf (self->text, "m=%s %u %s %u", section->media, port,
      section->proto, format->pt);
  if (rtx != NULL)
    g_string_append_printf (self->text, " %u", rtx->pt);
  g_string_append_printf (self->text, "\r\nc=IN %s %s\r\n",
      address_type (address), address);
}

/* RFC 8445 section 5.1.2.1, for component 1. */
static guint32
candidate_priority (guint index)
{
  return (HOST_PREFERENCE << 24) | ((G_MAXUINT16 - index) << 8) | 255;
}

/* Bundled m-sections share the candidates of the first one (RFC 9143). */
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
  /* RFC 3611 section 5.3: reference times are echoed. */
  if (section->has_rcvr_rtt)
    g_string_append (self->text, "a=rtcp-xr:rcvr-rtt=all\r\n");
}

/* Returns whether the browser would receive the extension. */
static gboolean
is_wanted (const SdpExtension *extension)
{
  return extension->id != 0 &&
      (extension->direction == SDP_SENDRECV ||
          extension->direction == SDP_RECVONLY);
}

/* RFC 8285 section 7: the offered ID, and the direction from this side. */
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

/* RFC 6184 section 8.2.2: the profile that is sent, if the offer has one at
 * all. There is no sprop-parameter-sets, which could become stale: the SPS is
 * sent with each key frame. */
static void
write_h264_parameters (Writer *self, const SdpCodecMatch *match)
{
  guint32 own = match->source->profile_level_id;
  SdpParameter id;

  g_string_append_printf (self->text,
      "a=fmtp:%u level-asymmetry-allowed=1;packetization-mode=1",
      match->format->pt);
  if (sdp_format_find_parameter (match->format, "profile-level-id", &id)) {
    if (own != 0)
      g_string_append_printf (self->text, ";profile-level-id=%06x", own);
    else
      g_string_append_printf (self->text, ";profile-level-id=%.*s",
          (gint) id.value_size, id.value);
  }
  g_string_append (self->text, "\r\n");
}

/* RFC 7587 section 7. */
static void
write_opus_parameters (Writer *self, const SdpFormat *format)
{
  SdpParameter fec;
  gboolean has_fec = sdp_format_find_parameter (format, "useinbandfec", &fec) &&
      sdp_parameter_is (&fec, "1");

  g_string_append_printf (self->text, "a=fmtp:%u minptime=10%s\r\n", format->pt,
      has_fec ? ";useinbandfec=1" : "");
}

/* A receiver is sent the parameters that it accepts. */
static void
write_echo (Writer *self, const SdpFormat *format)
{
  if (format->parameters != NULL)
    g_string_append_printf (self->text, "a=fmtp:%u %s\r\n", format->pt,
        format->parameters);
}

static void
write_parameters (Writer *self, const SdpCodecMatch *match)
{
  switch (match->codec->parameters) {
    case SDP_PARAMETERS_NONE:
      return;
    case SDP_PARAMETERS_H264:
      write_h264_parameters (self, match);
      return;
    case SDP_PARAMETERS_OPUS:
      write_opus_parameters (self, match->format);
      return;
    case SDP_PARAMETERS_ECHO:
      write_echo (self, match->format);
      return;
  }
}

static void
write_format (Writer *self, const SdpCodecMatch *match)
{
  g_string_append_printf (self->text, "a=rtpmap:%u %s\r\n", match->format->pt,
      match->codec->rtpmap);
  write_feedback (self, match->format);
  write_parameters (self, match);
  if (match->rtx != NULL)
    g_string_append_printf (self->text,
        "a=rtpmap:%u rtx/%u\r\n"
        "a=fmtp:%u apt=%u\r\n",
        match->rtx->pt, match->codec->clock_rate, match->rtx->pt,
        match->format->pt);
}

static void
write_ssrc (Writer *self, const SdpCodecMatch *match, guint32 ssrc)
{
  const SdpAnswerParams *params = self->params;

  g_string_append_printf (self->text,
      "a=ssrc:%u cname:%s\r\n"
      "a=ssrc:%u msid:%s %s\r\n",
      ssrc, params->cname, ssrc, params->stream_id, match->media);
}

/* One MediaStream for both tracks, so that they are played in sync. */
static void
write_source (Writer *self, const SdpCodecMatch *match)
{
  const SdpSource *source = match->source;

  g_string_append_printf (self->text, "a=msid:%s %s\r\n",
      self->params->stream_id, match->media);
  if (match->rtx != NULL)
    g_string_append_printf (self->text, "a=ssrc-group:FID %u %u\r\n",
        source->ssrc, source->rtx_ssrc);
  write_ssrc (self, match, source->ssrc);
  if (match->rtx != NULL)
    write_ssrc (self, match, source->rtx_ssrc);
}

/* The transport: credentials in each m-section, as browsers write them; the
 * candidates in the m-section that they belong to. */
static void
write_connection (Writer *self, const SdpSection *section)
{
  if (self->tag == NULL || section == self->tag)
    write_candidates (self);
  write_transport (self, section);
  write_mid (self, section);
}

static void
write_served (Writer *self, const SdpCodecMatch *match)
{
  write_media (self, match->section, match->format, match->rtx);
  write_connection (self, match->section);
  write_extensions (self, match->section);
  g_string_append (self->text, "a=sendonly\r\n");
  write_format (self, match);
  write_source (self, match);
}

/* RFC 3264 section 6.1: neither side sends. */
static void
write_idle (Writer *self, const SdpSection *section)
{
  const SdpFormat *format = self->idle_format;

  write_media (self, section, format, NULL);
  write_connection (self, section);
  write_extensions (self, section);
  g_string_append (self->text, "a=inactive\r\n");
  g_string_append_printf (self->text, "a=rtpmap:%u %s/%u", format->pt,
      format->encoding_name, format->clock_rate);
  if (format->n_channels > 1)
    g_string_append_printf (self->text, "/%u", format->n_channels);
  g_string_append (self->text, "\r\n");
  write_echo (self, format);
}

static gchar *
write_answer (Writer *self)
{
  self->text = g_string_sized_new (USUAL_BYTES);
  write_session (self);
  for (guint i = 0; i < sdp_offer_n_sections (self->offer); i++) {
    const SdpSection *section = sdp_offer_section (self->offer, i);
    const SdpCodecMatch *match = match_of (self, section);

    if (match != NULL)
      write_served (self, match);
    else if (section == self->tag)
      write_idle (self, section);
    else
      write_rejected (self, section);
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
fill_media (SdpAnswerMedia *media, const SdpCodecMatch *match)
{
  if (match->outcome != SDP_SERVED)
    return;
  *media = (SdpAnswerMedia){
    .is_accepted = TRUE,
    .encoding_name = match->codec->encoding_name,
    .pt = match->format->pt,
    .clock_rate = match->codec->clock_rate,
    .playout_delay_id = extension_id (match->section, SDP_PLAYOUT_DELAY),
    .abs_capture_time_id = extension_id (match->section, SDP_ABS_CAPTURE_TIME),
    .rtx_pt = match->rtx == NULL ? 0 : match->rtx->pt,
    .has_rcvr_rtt = match->section->has_rcvr_rtt,
  };
  if (match->section->mid != NULL)
    g_strlcpy (media->mid, match->section->mid, sizeof (media->mid));
}

/* Adapts the answer, written according to the RFCs, to the browser. */
static gchar *
munge (const Writer *writer, const gchar *text, SdpReport *report)
{
  const SdpMunging munging = { .browser = writer->browser,
    .offer = writer->offer };
  gchar *munged = sdp_browser_munge (text, &munging, report, NULL);

  g_assert (munged != NULL);
  return munged;
}

static gboolean
writer_init (Writer *self, const SdpOffer *offer, const SdpAnswerParams *params,
    GError **error)
{
  *self = (Writer){ .offer = offer, .params = params };
  self->browser =
      sdp_browser_detect (sdp_offer_text (offer), params->user_agent);
  sdp_codec_match_init (&self->video, "video", &params->video, "H264", offer);
  sdp_codec_match_init (&self->audio, "audio", &params->audio, "OPUS", offer);
  return check_outcomes (self, error) && choose_tag (self, error);
}

SdpAnswer *
sdp_answer_new (const SdpOffer *offer, const SdpAnswerParams *params,
    GError **error)
{
  g_autofree gchar *text = NULL;
  SdpAnswer *self;
  Writer writer;

  if (!writer_init (&writer, offer, params, error))
    return NULL;
  text = write_answer (&writer);
  self = g_new0 (SdpAnswer, 1);
  self->browser = writer.browser;
  self->text = munge (&writer, text, &self->report);
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
