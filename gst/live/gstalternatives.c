/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One job, several elements: see gstalternatives.h. */

#include "gst/live/gstalternatives.h"

#include "gst/live/gstrecipe.h"

#include <string.h>

/* The same mtu as that of the payloaders in gstrecipe.c. */
#define MTU " mtu=1168"

/* Quality is constant (CRF 23) up to 6 Mbit/s. A key frame every 48 frames is
 * one per 1 to 2 s at 24 to 50 frames per second. */
#define X264                                                                   \
  "x264enc name=" GST_RECIPE_ENCODER " tune=zerolatency"                       \
  " speed-preset=superfast pass=qual quantizer=23 bitrate=6000"                \
  " vbv-buf-capacity=300 key-int-max=48 aud=false"
/* OpenH264 has no mode of constant quality: 3 Mbit/s on average. */
#define OPENH264                                                               \
  "openh264enc name=" GST_RECIPE_ENCODER " complexity=low"                     \
  " rate-control=quality bitrate=3000000 max-bitrate=6000000 gop-size=48"
/* Each thread of a decoder may hold pictures, so there are at most 4; threads
 * for slices hold none. */
#define AVDEC_H264                                                             \
  "avdec_h264 thread-type=slice max-threads=4 output-corrupt=false"

typedef struct
{
  const gchar *job, *element;
  const gchar *chain; /* nullable: the element alone */
} Alternative;

/* The first available row of a job is used. */
static const Alternative alternatives[] = {
  /* None of the audio decoders here that are in Debian delays its output by a
   * frame (tests/check/elements/alternatives.c). faad drops the first frame and
   * gives its time to the second, and so on: its audio is 1024 samples early,
   * 21 ms at 48 kHz. That of avdec_aac has the encoder's times. So does that of
   * fdkaacdec according to its documentation, but it is not in Debian, so it
   * was not measured. */
  { "aac", "avdec_aac" },
  { "aac", "fdkaacdec" },
  { "aac", "faad" },
  { "mp3", "avdec_mp3" },
  { "mp3", "mpg123audiodec" },
  { "flac", "avdec_flac" },
  { "flac", "flacdec" },
  { "ac3", "avdec_ac3", "ac3parse ! avdec_ac3" },
  { "ac3", "a52dec", "ac3parse ! a52dec" },
  /* liba52 has no E-AC-3. */
  { "eac3", "avdec_eac3", "ac3parse ! avdec_eac3" },
  { "opus", "opusdec" },
  { "opus", "avdec_opus" },
  { "alaw", "alawdec" },
  { "mulaw", "mulawdec" },
  /* For 4:2:0 and 8 bits. openh264dec starts only at IDR frames, so a stream
   * without further IDR frames stays unchanged. */
  { "h264", "avdec_h264", AVDEC_H264 },
  { "h264", "openh264dec" },
  { "h264-any", "avdec_h264", AVDEC_H264 },
  { "sorenson", "avdec_flv" },
  { "vp6", "avdec_vp6f" },
  { "mpeg4", "avdec_mpeg4", "mpeg4videoparse ! avdec_mpeg4 max-threads=4" },
  /* libde265dec is left out, because it writes 10 bits into memory for 8. */
  { "h265", "avdec_h265", "avdec_h265 max-threads=4" },
  /* dav1ddec of gst-plugins-rs may delay its output by a frame per thread. It
   * is not in Debian, so only av1dec was measured. */
  { "av1", "av1dec" },
  { "av1", "dav1ddec", "dav1ddec n-threads=4 max-frame-delay=1" },
  { "vp8", "vp8dec", "vp8dec threads=4" },
  { "vp8", "avdec_vp8", "avdec_vp8 max-threads=4" },
  { "vp9", "vp9dec", "vp9dec threads=4" },
  { "vp9", "avdec_vp9", "avdec_vp9 max-threads=4" },
  /* x264 produces the better picture at the same bit rate. */
  { "to-h264", "x264enc", X264 },
  { "to-h264", "openh264enc", OPENH264 },
  /* rtpav1pay of gst-plugins-rs may begin a packet with an OBU in the middle of
   * a temporal unit, which Chromium mistakes for the beginning of a frame. */
  { "av1-rtp", "av1livepay", "av1livepay" MTU },
  { "av1-rtp", "rtpav1pay", "av1parse ! rtpav1pay" MTU },
};

const gchar *
gst_alternatives_at (const gchar *job, guint index)
{
  for (guint i = 0; i < G_N_ELEMENTS (alternatives); i++) {
    if (strcmp (alternatives[i].job, job) == 0 && index-- == 0)
      return alternatives[i].element;
  }
  return NULL;
}

static gboolean
is_available (const gchar *element)
{
  g_autoptr (GstElementFactory) factory = gst_element_factory_find (element);

  return factory != NULL &&
      gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (factory)) >
      GST_RANK_NONE;
}

/* Returns: (nullable) */
static const Alternative *
choose (const gchar *job)
{
  for (guint i = 0; i < G_N_ELEMENTS (alternatives); i++) {
    if (strcmp (alternatives[i].job, job) == 0 &&
        is_available (alternatives[i].element))
      return &alternatives[i];
  }
  return NULL;
}

/* Words the error as gst_parse_launch() does. */
static void
set_missing (const gchar *job, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  const gchar *element;

  for (guint i = 0; (element = gst_alternatives_at (job, i)) != NULL; i++)
    g_string_append_printf (names, "%s\"%s\"", i > 0 ? " or " : "", element);
  g_assert (names->len > 0);
  g_set_error (error, GST_PARSE_ERROR, GST_PARSE_ERROR_NO_SUCH_ELEMENT,
      "no element %s", names->str);
}

gchar *
gst_alternatives_fill_in (const gchar *chain, GError **error)
{
  g_autoptr (GString) filled = g_string_new (NULL);
  const gchar *brace;

  while ((brace = strchr (chain, '{')) != NULL) {
    const gchar *end = strchr (brace, '}');
    g_autofree gchar *job = g_strndup (brace + 1, end - brace - 1);
    const Alternative *chosen = choose (job);

    if (chosen == NULL) {
      set_missing (job, error);
      return NULL;
    }
    g_string_append_len (filled, chain, brace - chain);
    g_string_append (filled,
        chosen->chain != NULL ? chosen->chain : chosen->element);
    chain = end + 1;
  }
  g_string_append (filled, chain);
  return g_string_free (g_steal_pointer (&filled), FALSE);
}
