/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A WHEP answer: see answer.h. */

#include "gst/sdp/answer.h"
#include "gst/sdp/h264profile.h"
#include "gst/sdp/sdptext.h"

#include <string.h>

/* RFC 6184 section 8.1: six hex digits. */
#define PROFILE_LEVEL_ID_DIGITS 6
/* What no profile-level-id means: Baseline, level 1. */
#define DEFAULT_PROFILE_LEVEL_ID 0x42000a
/* RFC 8445 section 5.1.2.1: the type preference of a host candidate. */
#define HOST_PREFERENCE 126
/* More interfaces than any machine offers to viewers. */
#define MAX_CANDIDATES 32

typedef struct
{
  const gchar *encoding_name;
  const gchar *rtpmap;
  guint clock_rate; /* Hz */
  guint n_channels;
} Codec;

static const Codec codecs[] = {
  { "H264", "H264/90000", 90000, 1 },
  { "OPUS", "opus/48000/2", 48000, 2 },
  { "PCMU", "PCMU/8000", 8000, 1 },
  { "PCMA", "PCMA/8000", 8000, 1 },
};

/* Worst last: of several m-sections of a kind, the best one is served or else
 * gives the reason why none is. */
typedef enum
{
  SERVED,
  NO_CODEC,
  MODE_0_ONLY,
  WRONG_DIRECTION,
  ABSENT,
} Outcome;

/* What one kind of track comes to. */
typedef struct
{
  const gchar *media;
  const SdpSource *source;
  const Codec *codec;
  Outcome outcome;
  const SdpSection *section; /* if SERVED, and the format */
  const SdpFormat *format;
} Track;

typedef struct
{
  const SdpOffer *offer;
  const SdpAnswerParams *params;
  Track video;
  Track audio;
  GString *text;
} Writer;

static const Codec *
find_codec (const gchar *encoding_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    if (g_ascii_strcasecmp (codecs[i].encoding_name, encoding_name) == 0)
      return &codecs[i];
  }
  return NULL;
}

static gboolean
is_format_of (const SdpFormat *format, const Codec *codec)
{
  return format->encoding_name != NULL &&
      g_ascii_strcasecmp (format->encoding_name, codec->encoding_name) == 0 &&
      format->clock_rate == codec->clock_rate &&
      format->n_channels == codec->n_channels;
}

static gboolean
is_h264 (const Codec *codec)
{
  return codec == &codecs[0];
}

static gchar *
dup_parameter (const SdpFormat *format, const gchar *name)
{
  if (format->parameters == NULL)
    return NULL;
  return sdp_text_dup_parameter (format->parameters, name);
}

/* Returns FALSE if the value is no profile-level-id. */
static gboolean
read_profile_level_id (const SdpFormat *format, guint32 *id)
{
  g_autofree gchar *hex = dup_parameter (format, "profile-level-id");

  *id = DEFAULT_PROFILE_LEVEL_ID;
  if (hex == NULL)
    return TRUE;
  if (strlen (hex) != PROFILE_LEVEL_ID_DIGITS ||
      strspn (hex, "0123456789abcdefABCDEF") != PROFILE_LEVEL_ID_DIGITS)
    return FALSE;
  *id = g_ascii_strtoull (hex, NULL, 16);
  return TRUE;
}

/* Packetization modes never mix (RFC 6184 section 8.2.2); ours is 1, which
 * cuts large frames into fragments. */
static gboolean
has_mode_1 (const SdpFormat *format)
{
  g_autofree gchar *mode = dup_parameter (format, "packetization-mode");

  return mode != NULL && strcmp (mode, "1") == 0;
}

/* An unknown profile is taken as the one that every browser offers. */
static SdpH264Profile
source_profile (const SdpSource *source)
{
  return source->profile_level_id == 0
      ? SDP_H264_CONSTRAINED_BASELINE
      : sdp_h264_profile_from_id (source->profile_level_id);
}

/* Returns: -1 for no H.264 that could be used. */
static gint
h264_distance (const Track *track, const SdpFormat *format)
{
  guint32 id;

  if (!read_profile_level_id (format, &id))
    return -1;
  return sdp_h264_profile_distance (source_profile (track->source),
      sdp_h264_profile_from_id (id));
}

static Outcome
choose_h264 (const Track *track, const SdpSection *section,
    const SdpFormat **chosen)
{
  gint nearest = G_MAXINT;
  Outcome outcome = NO_CODEC;

  for (guint i = 0; i < section->formats->len; i++) {
    const SdpFormat *format = &g_array_index (section->formats, SdpFormat, i);
    gint distance;

    if (!is_format_of (format, track->codec))
      continue;
    distance = h264_distance (track, format);
    if (distance < 0)
      continue;
    if (!has_mode_1 (format)) {
      outcome = outcome == SERVED ? SERVED : MODE_0_ONLY;
    } else if (distance < nearest) {
      nearest = distance;
      *chosen = format;
      outcome = SERVED;
    }
  }
  return outcome;
}

static Outcome
choose_first (const Track *track, const SdpSection *section,
    const SdpFormat **chosen)
{
  for (guint i = 0; i < section->formats->len; i++) {
    *chosen = &g_array_index (section->formats, SdpFormat, i);
    if (is_format_of (*chosen, track->codec))
      return SERVED;
  }
  return NO_CODEC;
}

static Outcome
consider (const Track *track, const SdpSection *section,
    const SdpFormat **chosen)
{
  if (!sdp_section_receives (section))
    return WRONG_DIRECTION;
  if (track->codec == NULL)
    return NO_CODEC;
  return is_h264 (track->codec) ? choose_h264 (track, section, chosen)
                                : choose_first (track, section, chosen);
}

/* Takes the first m-section that will do; the others get port 0. */
static void
choose (Track *track, const SdpOffer *offer)
{
  gboolean needs_bundle = sdp_offer_bundle (offer)->len > 0;

  for (guint i = 0; i < sdp_offer_n_sections (offer); i++) {
    const SdpSection *section = sdp_offer_section (offer, i);
    const SdpFormat *format = NULL;
    Outcome outcome;

    if (strcmp (section->media, track->media) != 0 ||
        !sdp_section_is_rtp (section) || !sdp_section_is_live (section) ||
        (needs_bundle && !section->is_bundled))
      continue;
    outcome = consider (track, section, &format);
    if (outcome >= track->outcome)
      continue;
    track->outcome = outcome;
    track->section = section;
    track->format = format;
  }
}

static void
track_init (Track *self, const gchar *media, const SdpSource *source,
    const gchar *default_name, const SdpOffer *offer)
{
  const gchar *name = source->encoding_name;

  *self = (Track){
    .media = media,
    .source = source,
    .codec = find_codec (name != NULL ? name : default_name),
    .outcome = ABSENT,
  };
  choose (self, offer);
}

static gboolean
refuse (SdpError code, const gchar *message, GError **error)
{
  g_set_error_literal (error, SDP_ERROR, code, message);
  return FALSE;
}

/* Video that can't play is never left out in silence. Sound is, so long as
 * there is a picture. */
static gboolean
check_outcomes (const Track *video, const Track *audio, GError **error)
{
  if (video->outcome == NO_CODEC)
    return refuse (SDP_ERROR_NO_CODEC,
        "This browser offers no H.264 video, which this stream needs. A new "
        "Firefox learns it within a minute or two: wait, then reload. Else "
        "use Chrome, Edge or Safari.",
        error);
  if (video->outcome == MODE_0_ONLY)
    return refuse (SDP_ERROR_NO_CODEC,
        "This browser offers H.264 video in packetization mode 0 only, and "
        "this stream needs mode 1. Update the browser, or use another one.",
        error);
  if (video->outcome == SERVED || audio->outcome == SERVED)
    return TRUE;
  if (audio->outcome == NO_CODEC)
    return refuse (SDP_ERROR_NO_CODEC,
        "This player offers no audio codec that this stream could use. Use "
        "another browser.",
        error);
  return refuse (SDP_ERROR_DIRECTION,
      "This player doesn't ask to receive audio or video: its offer must say "
      "a=recvonly or a=sendrecv.",
      error);
}

static const Track *
track_of (const Writer *self, const SdpSection *section)
{
  if (self->video.outcome == SERVED && self->video.section == section)
    return &self->video;
  if (self->audio.outcome == SERVED && self->audio.section == section)
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
write_media (Writer *self, const Track *track)
{
  const SdpAnswerParams *params = self->params;
  const gchar *address = params->addresses[0];
  guint port = params->port;

  /* RFC 8840 section 4.1.1: what stands for "not known yet". */
  if (address == NULL) {
    address = "0.0.0.0";
    port = 9;
  }
  g_string_append_printf (self->text,
      "m=%s %u %s %u\r\n"
      "c=IN %s %s\r\n",
      track->media, port, track->section->proto, track->format->pt,
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
  g_autofree gchar *id = dup_parameter (format, "profile-level-id");

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
  g_autofree gchar *fec = dup_parameter (format, "useinbandfec");

  g_string_append_printf (self->text,
      "a=fmtp:%u minptime=10;stereo=1;sprop-stereo=1%s\r\n", format->pt,
      g_strcmp0 (fec, "1") == 0 ? ";useinbandfec=1" : "");
}

static void
write_format (Writer *self, const Track *track)
{
  g_string_append_printf (self->text, "a=rtpmap:%u %s\r\n", track->format->pt,
      track->codec->rtpmap);
  write_feedback (self, track->format);
  if (is_h264 (track->codec))
    write_h264_parameters (self, track->format);
  else if (strcmp (track->codec->encoding_name, "OPUS") == 0)
    write_opus_parameters (self, track->format);
}

/* One MediaStream for both tracks, so that they are kept in step. */
static void
write_source (Writer *self, const Track *track)
{
  const SdpAnswerParams *params = self->params;

  g_string_append_printf (self->text,
      "a=msid:%s %s\r\n"
      "a=ssrc:%u cname:%s\r\n"
      "a=ssrc:%u msid:%s %s\r\n",
      params->stream_id, track->media, track->source->ssrc, params->cname,
      track->source->ssrc, params->stream_id, track->media);
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
write_served (Writer *self, const Track *track)
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
    const Track *track = track_of (self, section);

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
fill_media (SdpAnswerMedia *media, const Track *track)
{
  if (track->outcome != SERVED)
    return;
  *media = (SdpAnswerMedia){
    .is_accepted = TRUE,
    .encoding_name = track->codec->encoding_name,
    .pt = track->format->pt,
    .clock_rate = track->codec->clock_rate,
    .playout_delay_id = extension_id (track->section, SDP_PLAYOUT_DELAY),
    .mid_id = extension_id (track->section, SDP_SDES_MID),
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

  track_init (&writer.video, "video", &params->video, "H264", offer);
  track_init (&writer.audio, "audio", &params->audio, "OPUS", offer);
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
