/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Matches a kind of track with an offer: see codecmatch.h. */

#include "gst/sdp/codecmatch.h"
#include "gst/sdp/h264profile.h"
#include "gst/sdp/profilelevelid.h"

#include <string.h>

/* The default if there is no profile-level-id: Baseline, level 1. */
#define DEFAULT_PROFILE_LEVEL_ID 0x42000a

static const SdpCodec codecs[] = {
  { "H264", "H264/90000", 90000, 1, SDP_PARAMETERS_H264 },
  { "H265", "H265/90000", 90000, 1, SDP_PARAMETERS_ECHO, "profile-id", "1" },
  { "VP8", "VP8/90000", 90000, 1, SDP_PARAMETERS_ECHO },
  { "VP9", "VP9/90000", 90000, 1, SDP_PARAMETERS_ECHO, "profile-id", "0" },
  { "AV1", "AV1/90000", 90000, 1, SDP_PARAMETERS_ECHO, "profile", "0" },
  { "OPUS", "opus/48000/2", 48000, 2, SDP_PARAMETERS_OPUS },
  { "PCMU", "PCMU/8000", 8000, 1 },
  { "PCMA", "PCMA/8000", 8000, 1 },
};

static const SdpCodec *
find_codec (const gchar *encoding_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    if (g_ascii_strcasecmp (codecs[i].encoding_name, encoding_name) == 0)
      return &codecs[i];
  }
  return NULL;
}

static gboolean
is_format_of (const SdpFormat *format, const SdpCodec *codec)
{
  return format->encoding_name != NULL &&
      g_ascii_strcasecmp (format->encoding_name, codec->encoding_name) == 0 &&
      format->clock_rate == codec->clock_rate &&
      format->n_channels == codec->n_channels;
}

gboolean
sdp_format_find_parameter (const SdpFormat *format, const gchar *name,
    SdpParameter *found)
{
  return format->parameters != NULL &&
      sdp_text_find_parameter (format->parameters, name, found);
}

/* Returns FALSE if the value is not a profile-level-id. */
static gboolean
read_profile_level_id (const SdpFormat *format, guint32 *id)
{
  SdpParameter parameter;

  *id = DEFAULT_PROFILE_LEVEL_ID;
  return !sdp_format_find_parameter (format, "profile-level-id", &parameter) ||
      sdp_profile_level_id_parse (parameter.value, parameter.value_size, id);
}

/* Both ends must use the same packetization mode (RFC 6184 section 8.2.2); here
 * that is 1, in which large frames are fragmented. */
static gboolean
has_mode_1 (const SdpFormat *format)
{
  SdpParameter mode;

  return sdp_format_find_parameter (format, "packetization-mode", &mode) &&
      sdp_parameter_is (&mode, "1");
}

/* An unknown profile is treated as the one that every browser offers. */
static SdpH264Profile
source_profile (const SdpSource *source)
{
  return source->profile_level_id == 0
      ? SDP_H264_CONSTRAINED_BASELINE
      : sdp_h264_profile_from_id (source->profile_level_id);
}

/* Returns: -1 if the format is not usable H.264. */
static gint
h264_distance (const SdpCodecMatch *match, const SdpFormat *format)
{
  guint32 id;

  if (!read_profile_level_id (format, &id))
    return -1;
  return sdp_h264_profile_distance (source_profile (match->source),
      sdp_h264_profile_from_id (id));
}

static SdpOutcome
choose_h264 (const SdpCodecMatch *match, const SdpSection *section,
    const SdpFormat **chosen)
{
  gint nearest = G_MAXINT;
  SdpOutcome outcome = SDP_NO_CODEC;

  for (guint i = 0; i < section->formats->len; i++) {
    const SdpFormat *format = &g_array_index (section->formats, SdpFormat, i);
    gint distance;

    if (!is_format_of (format, match->codec))
      continue;
    distance = h264_distance (match, format);
    if (distance < 0)
      continue;
    if (!has_mode_1 (format)) {
      outcome = outcome == SDP_SERVED ? SDP_SERVED : SDP_MODE_0_ONLY;
    } else if (distance < nearest) {
      nearest = distance;
      *chosen = format;
      outcome = SDP_SERVED;
    }
  }
  return outcome;
}

static gboolean
has_profile (const SdpFormat *format, const SdpCodec *codec)
{
  SdpParameter profile;

  return codec->profile == NULL ||
      !sdp_format_find_parameter (format, codec->profile, &profile) ||
      sdp_parameter_is (&profile, codec->profile_value);
}

static SdpOutcome
choose_first (const SdpCodecMatch *match, const SdpSection *section,
    const SdpFormat **chosen)
{
  for (guint i = 0; i < section->formats->len; i++) {
    *chosen = &g_array_index (section->formats, SdpFormat, i);
    if (is_format_of (*chosen, match->codec) &&
        has_profile (*chosen, match->codec))
      return SDP_SERVED;
  }
  return SDP_NO_CODEC;
}

static SdpOutcome
consider (const SdpCodecMatch *match, const SdpSection *section,
    const SdpFormat **chosen)
{
  if (!sdp_section_receives (section))
    return SDP_WRONG_DIRECTION;
  if (match->codec == NULL)
    return SDP_NO_CODEC;
  return match->codec->parameters == SDP_PARAMETERS_H264
      ? choose_h264 (match, section, chosen)
      : choose_first (match, section, chosen);
}

/* RFC 4588 section 8.1: its apt is exactly the payload type of @format. */
static gboolean
is_rtx_of (const SdpFormat *rtx, const SdpFormat *format)
{
  gchar pt[sizeof "127"];
  SdpParameter apt;

  if (rtx->encoding_name == NULL ||
      g_ascii_strcasecmp (rtx->encoding_name, "rtx") != 0 ||
      rtx->clock_rate != format->clock_rate || rtx == format)
    return FALSE;
  g_snprintf (pt, sizeof (pt), "%u", format->pt);
  return sdp_format_find_parameter (rtx, "apt", &apt) &&
      sdp_parameter_is (&apt, pt);
}

/* Without NACK, the viewer could not request retransmissions. */
static const SdpFormat *
find_rtx (const SdpSection *section, const SdpFormat *format)
{
  for (guint i = 0; i < section->formats->len; i++) {
    const SdpFormat *rtx = &g_array_index (section->formats, SdpFormat, i);

    if (is_rtx_of (rtx, format))
      return rtx;
  }
  return NULL;
}

/* Takes the first of the best m-sections; the others get port 0. */
static void
choose (SdpCodecMatch *match, const SdpOffer *offer)
{
  gboolean needs_bundle = sdp_offer_bundle (offer)->len > 0;

  for (guint i = 0; i < sdp_offer_n_sections (offer); i++) {
    const SdpSection *section = sdp_offer_section (offer, i);
    const SdpFormat *format = NULL;
    SdpOutcome outcome;

    if (strcmp (section->media, match->media) != 0 ||
        !sdp_section_is_rtp (section) || !sdp_section_is_live (section) ||
        (needs_bundle && !section->is_bundled))
      continue;
    outcome = consider (match, section, &format);
    if (outcome >= match->outcome)
      continue;
    match->outcome = outcome;
    match->section = section;
    match->format = format;
  }
}

void
sdp_codec_match_init (SdpCodecMatch *self, const gchar *media,
    const SdpSource *source, const gchar *default_name, const SdpOffer *offer)
{
  const gchar *name = source->encoding_name;

  *self = (SdpCodecMatch){
    .media = media,
    .source = source,
    .codec = find_codec (name != NULL ? name : default_name),
    .outcome = SDP_ABSENT,
  };
  choose (self, offer);
  if (self->outcome == SDP_SERVED && source->rtx_ssrc != 0 &&
      self->format->feedback & SDP_NACK)
    self->rtx = find_rtx (self->section, self->format);
}

const gchar *
sdp_codec_match_codec_name (const SdpCodecMatch *self)
{
  const gchar *name = self->codec == NULL ? "such" : self->codec->encoding_name;

  if (strcmp (name, "H264") == 0)
    return "H.264";
  return strcmp (name, "H265") == 0 ? "H.265" : name;
}

const SdpFormat *
sdp_codec_match_find_known (const SdpSection *section)
{
  for (guint i = 0; i < section->formats->len; i++) {
    const SdpFormat *format = &g_array_index (section->formats, SdpFormat, i);

    for (guint k = 0; k < G_N_ELEMENTS (codecs); k++)
      if (is_format_of (format, &codecs[k]))
        return format;
  }
  return NULL;
}
