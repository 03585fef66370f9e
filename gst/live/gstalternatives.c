/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One job, several elements: see gstalternatives.h. */

#include "gst/live/gstalternatives.h"

#include "gst/isolation/gstisolateddecoder.h"
#include "gst/live/gstcodectrial.h"
#include "gst/live/gstdatagramsize.h"
#include "gst/live/gsth264encoders.h"

#include <string.h>

#define MTU " mtu=" G_STRINGIFY (GST_DATAGRAM_SIZE_MTU)

/* An element that needs a device is being tried. */
#define TRIED 1
static G_DEFINE_QUARK (gst - alternatives - error - quark, tried_error)

/* The encoders of this job are in gsth264encoders.c. */
#define TO_H264 "to-h264"
/* Each thread of a decoder may hold pictures, so there are at most 4; threads
 * for slices hold none. */
#define AVDEC_H264                                                             \
  "avdec_h264 thread-type=slice max-threads=4 output-corrupt=false"

    typedef struct
{
  const gchar *job, *element;
  const gchar *chain; /* nullable: the element alone */
  gboolean needs_device;
} Alternative;

/* Of a codec of video: by rank, if there is a choice. */
#define ON_DEVICE(job, element)                                                \
  {                                                                            \
    job, element, NULL, TRUE                                                   \
  }

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
  /* Hardware. Its caps say which profiles and sizes it can do. */
  ON_DEVICE ("h264", "vah264dec"),
  ON_DEVICE ("h264", "v4l2slh264dec"),
  ON_DEVICE ("h264", "v4l2h264dec"),
  ON_DEVICE ("h264", "nvh264dec"),
  ON_DEVICE ("h264", "qsvh264dec"),
  ON_DEVICE ("h265", "vah265dec"),
  ON_DEVICE ("h265", "v4l2slh265dec"),
  ON_DEVICE ("h265", "v4l2h265dec"),
  ON_DEVICE ("h265", "nvh265dec"),
  ON_DEVICE ("h265", "qsvh265dec"),
  ON_DEVICE ("av1", "vaav1dec"),
  ON_DEVICE ("av1", "v4l2slav1dec"),
  ON_DEVICE ("av1", "nvav1dec"),
  ON_DEVICE ("vp8", "vavp8dec"),
  ON_DEVICE ("vp8", "v4l2slvp8dec"),
  ON_DEVICE ("vp8", "v4l2vp8dec"),
  ON_DEVICE ("vp8", "nvvp8dec"),
  ON_DEVICE ("vp9", "vavp9dec"),
  ON_DEVICE ("vp9", "v4l2slvp9dec"),
  ON_DEVICE ("vp9", "v4l2vp9dec"),
  ON_DEVICE ("vp9", "nvvp9dec"),
  ON_DEVICE ("vp9", "qsvvp9dec"),
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
  /* Of that quality, stills take a tenth of a byte per pixel. */
  { "to-jpeg", "jpegenc", "jpegenc quality=85" },
  /* rtpav1pay of gst-plugins-rs may begin a packet with an OBU in the middle of
   * a temporal unit, which Chromium mistakes for the beginning of a frame. */
  { "av1-rtp", "av1livepay", "av1livepay" MTU },
  { "av1-rtp", "rtpav1pay", "av1parse ! rtpav1pay" MTU },
};

/* A factory that can do a job. */
typedef struct
{
  GstElementFactory *factory;
  gchar *chain;
  gboolean needs_device;
  gint64 score; /* the higher, the better */
} Candidate;

/* Above all ranks. */
#define NAMED_SCORE ((gint64) 1 << 62)
/* More than there are rows of a job. */
#define ROWS_PER_RANK 256

/* Takes @factory and @chain. */
static Candidate *
candidate_new (GstElementFactory *factory, gchar *chain, gboolean needs_device,
    gint64 score)
{
  Candidate *self = g_new (Candidate, 1);

  *self = (Candidate){ factory, chain, needs_device, score };
  return self;
}

static void
candidate_free (Candidate *self)
{
  gst_object_unref (self->factory);
  g_free (self->chain);
  g_free (self);
}

static gint
compare_candidates (gconstpointer a, gconstpointer b)
{
  gint64 score_a = ((const Candidate *) a)->score;
  gint64 score_b = ((const Candidate *) b)->score;

  return score_a < score_b ? 1 : score_a > score_b ? -1 : 0;
}

const gchar *
gst_alternatives_at (const gchar *job, guint index)
{
  if (strcmp (job, TO_H264) == 0)
    return gst_h264_encoders_at (index);
  for (guint i = 0; i < G_N_ELEMENTS (alternatives); i++) {
    if (strcmp (alternatives[i].job, job) == 0 && index-- == 0)
      return alternatives[i].element;
  }
  return NULL;
}

/* @named: what was asked for; nullable. @row: within the job.
 * Returns: 0 for one that is not to be used. */
static gint64
score_of (GstElementFactory *factory, const gchar *named, guint row)
{
  guint rank = gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (factory));

  if (g_strcmp0 (named, GST_OBJECT_NAME (factory)) == 0)
    return NAMED_SCORE;
  if (rank == GST_RANK_NONE)
    return 0;
  return (gint64) rank * ROWS_PER_RANK + ROWS_PER_RANK - 1 - row;
}

/* A device does not decode everything that its codec allows. */
static gboolean
fits (const Alternative *row, GstElementFactory *factory,
    const GstCodecChoice *choice)
{
  if (!row->needs_device)
    return TRUE;
  return choice != NULL && !choice->in_software &&
      (choice->caps == NULL ||
          gst_element_factory_can_sink_all_caps (factory, choice->caps));
}

/* Returns: (transfer full): of Candidate, for any job but encoding. */
static GList *
list_of_table (const gchar *job, const GstCodecChoice *choice)
{
  const gchar *named = choice != NULL ? choice->decoder : NULL;
  GList *list = NULL;
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (alternatives); i++) {
    const Alternative *row = &alternatives[i];
    g_autoptr (GstElementFactory) factory = NULL;
    gint64 score;

    if (strcmp (row->job, job) != 0)
      continue;
    n++;
    factory = gst_element_factory_find (row->element);
    score = factory != NULL ? score_of (factory, named, n) : 0;
    if (score == 0 || !fits (row, factory, choice))
      continue;
    list = g_list_prepend (list,
        candidate_new (g_steal_pointer (&factory),
            g_strdup (row->chain != NULL ? row->chain : row->element),
            row->needs_device, score));
  }
  return g_list_reverse (list);
}

/* Only encoders of the table, which can be set up, have a rank here; others can
 * be asked for. */
static gint64
score_of_encoder (GstElementFactory *factory, const gchar *named)
{
  const gchar *name = GST_OBJECT_NAME (factory);
  gint row = gst_h264_encoders_find (name);

  if (!gst_h264_encoders_fits (factory) ||
      (row < 0 && g_strcmp0 (named, name) != 0))
    return 0;
  return score_of (factory, named, MAX (row, 0));
}

/* Returns: (transfer full): of Candidate. */
static GList *
list_of_encoders (const GstCodecChoice *choice)
{
  const gchar *named = choice != NULL ? choice->encoder : NULL;
  GList *all = gst_element_factory_list_get_elements (
      GST_ELEMENT_FACTORY_TYPE_VIDEO_ENCODER, GST_RANK_NONE);
  GList *list = NULL;

  for (GList *l = all; l != NULL; l = l->next) {
    const gchar *name = GST_OBJECT_NAME (l->data);
    gboolean needs_device = gst_h264_encoders_needs_device (name);
    gint64 score = score_of_encoder (l->data, named);

    if (score == 0 || (needs_device && choice == NULL))
      continue;
    list = g_list_prepend (list,
        candidate_new (gst_object_ref (l->data),
            gst_h264_encoders_dup_chain (name), needs_device, score));
  }
  gst_plugin_feature_list_free (all);
  return list;
}

static gboolean
is_by_rank (const gchar *job)
{
  static const gchar *const jobs[] = { TO_H264, "h264", "h265", "av1", "vp8",
    "vp9", NULL };

  return g_strv_contains (jobs, job);
}

/* Returns: (transfer full): of Candidate, the preferred first. */
static GList *
list_candidates (const gchar *job, const GstCodecChoice *choice)
{
  GList *list = strcmp (job, TO_H264) == 0 ? list_of_encoders (choice)
                                           : list_of_table (job, choice);

  /* Without a choice, encoders are sorted as well: the registry has none. */
  if (strcmp (job, TO_H264) == 0 || (choice != NULL && is_by_rank (job)))
    list = g_list_sort (list, compare_candidates);
  return list;
}

static CodecAnswer
try (const Candidate *self, const GstCodecChoice *choice)
{
  if (!self->needs_device)
    return CODEC_WORKS;
  return gst_codec_trial_ask (self->factory,
      choice != NULL ? choice->element : NULL);
}

/* @named: nullable. */
static void
note_missing (const gchar *named, GstElement *element)
{
  g_autoptr (GstElementFactory) factory = NULL;

  if (named == NULL || *named == '\0')
    return;
  factory = gst_element_factory_find (named);
  if (factory == NULL)
    gst_codec_trial_note_missing (named, element);
}

static gboolean
decodes_video (const gchar *job)
{
  static const gchar *const jobs[] = { "h264", "h264-any", "sorenson", "vp6",
    "mpeg4", "h265", "av1", "vp8", "vp9", NULL };

  return g_strv_contains (jobs, job);
}

/* Returns: (transfer full): the candidate's chain, which this takes, or that
 * around it. */
static gchar *
take_chain (Candidate *self, const gchar *job, const GstCodecChoice *choice)
{
  gchar *isolated = NULL;

  if (choice != NULL && choice->isolates && !self->needs_device &&
      decodes_video (job))
    isolated = gst_isolated_decoder_dup_chain (self->chain);
  return isolated != NULL ? isolated : g_steal_pointer (&self->chain);
}

/* Takes the list. @is_tried: (out): whether a better one is being tried.
 * Returns: (transfer full) (nullable): the chain of the first that works. */
static gchar *
take_first (GList *list, const gchar *job, const GstCodecChoice *choice,
    gboolean *is_tried)
{
  CodecAnswer answer = CODEC_FAILS;
  gchar *chosen = NULL;

  for (GList *l = list; l != NULL && answer == CODEC_FAILS; l = l->next) {
    answer = try (l->data, choice);
    if (answer == CODEC_WORKS)
      chosen = take_chain (l->data, job, choice);
  }
  g_list_free_full (list, (GDestroyNotify) candidate_free);
  *is_tried = answer == CODEC_UNKNOWN;
  return chosen;
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

/* Returns: (transfer full) (nullable): the chain that does the job. */
static gchar *
choose (const gchar *job, const GstCodecChoice *choice, GError **error)
{
  GList *list = list_candidates (job, choice);
  gboolean is_tried;
  gchar *chosen;

  if (choice != NULL && is_by_rank (job))
    note_missing (strcmp (job, TO_H264) == 0 ? choice->encoder
                                             : choice->decoder,
        choice->element);
  chosen = take_first (list, job, choice, &is_tried);
  if (is_tried)
    g_set_error (error, tried_error_quark (), TRIED,
        "an element for %s is still being tried", job);
  else if (chosen == NULL)
    set_missing (job, error);
  return chosen;
}

/* Returns: (transfer full) (nullable): the next job in a chain, and what comes
 * @before and after it. */
static gchar *
next_job (const gchar **chain, GString *before)
{
  const gchar *brace = strstr (*chain, "{");
  const gchar *end = brace != NULL ? strchr (brace, '}') : NULL;
  gchar *job;

  if (end == NULL)
    return NULL;
  job = g_strndup (brace + 1, end - brace - 1);
  g_string_append_len (before, *chain, brace - *chain);
  *chain = end + 1;
  return job;
}

gchar *
gst_alternatives_fill_in (const gchar *chain, const GstCodecChoice *choice,
    GError **error)
{
  g_autoptr (GString) filled = g_string_new (NULL);
  gchar *job;

  while ((job = next_job (&chain, filled)) != NULL) {
    g_autofree gchar *taken = job;
    g_autofree gchar *chosen = choose (taken, choice, error);

    if (chosen == NULL)
      return NULL;
    g_string_append (filled, chosen);
  }
  g_string_append (filled, chain);
  return g_string_free (g_steal_pointer (&filled), FALSE);
}

gboolean
gst_alternatives_exist (const gchar *chain, const GstCodecChoice *choice)
{
  g_autoptr (GString) unused = g_string_new (NULL);
  gboolean result = TRUE;
  gchar *job;

  while (result && (job = next_job (&chain, unused)) != NULL) {
    GList *list = list_candidates (job, choice);

    result = list != NULL;
    g_list_free_full (list, (GDestroyNotify) candidate_free);
    g_free (job);
  }
  return result;
}

gboolean
gst_alternatives_are_tried (const GError *error)
{
  return g_error_matches (error, tried_error_quark (), TRIED);
}

void
gst_alternatives_prepare (const gchar *job, const GstCodecChoice *choice)
{
  gboolean is_tried;

  g_free (take_first (list_candidates (job, choice), job, choice, &is_tried));
}
