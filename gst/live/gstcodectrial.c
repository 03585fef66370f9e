/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trials of codecs: see gstcodectrial.h. */

#include "gst/live/gstcodectrial.h"

#include "gst/live/gsth264encoders.h"

GST_DEBUG_CATEGORY_STATIC (codec_trial_debug);
#define GST_CAT_DEFAULT codec_trial_debug

/* Some drivers have no smaller pictures. */
#define PICTURES                                                               \
  "videotestsrc num-buffers=3 ! "                                              \
  "video/x-raw,width=320,height=240,framerate=30/1 ! videoconvert ! "
/* A device that takes longer is of no use for live video. */
#define PATIENCE (3 * GST_SECOND)

/* Guards the two tables. */
static GMutex lock;
static GHashTable *warned;   /* names of elements */
static GHashTable *verdicts; /* name to whether it encodes, plus 1 */

static void
init_debug (void)
{
  static gsize is_done = 0;

  if (!g_once_init_enter (&is_done))
    return;
  GST_DEBUG_CATEGORY_INIT (codec_trial_debug, "codectrial", 0,
      "Codecs that can't be used");
  g_once_init_leave (&is_done, TRUE);
}

/* Returns TRUE to the first caller for a name. */
static gboolean
is_news (const gchar *name)
{
  gboolean result;

  init_debug ();
  g_mutex_lock (&lock);
  if (warned == NULL)
    warned = g_hash_table_new (g_str_hash, g_str_equal);
  result = g_hash_table_add (warned, (gpointer) g_intern_string (name));
  g_mutex_unlock (&lock);
  return result;
}

static const gchar *
name_of (GstElementFactory *factory)
{
  return GST_OBJECT_NAME (factory);
}

/* Returns: (transfer full): an error in words. */
static gchar *
dup_words (GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *details = NULL;

  gst_message_parse_error (message, &error, &details);
  return g_strdup_printf ("%s (%s)", error->message,
      details != NULL ? details : "no details");
}

static void
warn (const gchar *name, GstElement *element, const gchar *what,
    const gchar *reason)
{
  if (!is_news (name))
    return;
  if (element == NULL)
    GST_WARNING ("%s %s: %s", name, what, reason);
  else
    GST_ELEMENT_WARNING (element, RESOURCE, NOT_FOUND,
        ("%s %s, so that another element has to do its work.", name, what),
        ("%s", reason));
}

gboolean
gst_codec_trial_starts (GstElementFactory *factory, GstElement *element)
{
  g_autoptr (GstElement) codec = gst_element_factory_create (factory, NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  gboolean result;

  if (codec == NULL) {
    warn (name_of (factory), element, "can't be made",
        "its plugin could not be loaded");
    return FALSE;
  }
  gst_object_ref_sink (codec);
  gst_element_set_bus (codec, bus);
  result = gst_element_set_state (codec, GST_STATE_READY) !=
      GST_STATE_CHANGE_FAILURE;
  if (!result) {
    g_autoptr (GstMessage) message =
        gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
    g_autofree gchar *words = message != NULL ? dup_words (message) : NULL;

    warn (name_of (factory), element, "can't be started",
        words != NULL ? words : "its device could not be opened");
  }
  gst_element_set_state (codec, GST_STATE_NULL);
  gst_element_set_bus (codec, NULL);
  return result;
}

/* Returns: (nullable) (transfer full): why it does not encode. */
static gchar *
run (GstElement *pipeline)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);
  g_autoptr (GstElement) sink = gst_bin_get_by_name (GST_BIN (pipeline), "out");
  g_autoptr (GstSample) last = NULL;
  g_autoptr (GstMessage) end = NULL;
  gchar *reason = NULL;

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  end = gst_bus_timed_pop_filtered (bus, PATIENCE,
      GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_object_get (sink, "last-sample", &last, NULL);
  if (end != NULL && GST_MESSAGE_TYPE (end) == GST_MESSAGE_ERROR)
    reason = dup_words (end);
  else if (end == NULL || last == NULL)
    reason = g_strdup ("three pictures gave no output");
  gst_element_set_state (pipeline, GST_STATE_NULL);
  return reason;
}

static gboolean
try_to_encode (GstElementFactory *factory, GstElement *element)
{
  g_autofree gchar *chain = gst_h264_encoders_dup_chain (name_of (factory));
  g_autofree gchar *description =
      g_strconcat (PICTURES, chain, " ! fakesink name=out sync=false", NULL);
  g_autoptr (GstElement) pipeline = gst_parse_launch_full (description, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, NULL);
  g_autoptr (GstElement) encoder = NULL;
  g_autofree gchar *reason = NULL;

  /* Without a test picture, there is only the stream to try it with. */
  if (pipeline == NULL)
    return TRUE;
  gst_object_ref_sink (pipeline);
  encoder = gst_bin_get_by_name (GST_BIN (pipeline), GST_H264_ENCODERS_NAME);
  gst_h264_encoders_set_up (encoder, 1);
  reason = run (pipeline);
  if (reason != NULL)
    warn (name_of (factory), element, "can't encode", reason);
  return reason == NULL;
}

gboolean
gst_codec_trial_encodes (GstElementFactory *factory, GstElement *element)
{
  gpointer name = (gpointer) g_intern_string (name_of (factory));
  guint verdict;

  g_mutex_lock (&lock);
  if (verdicts == NULL)
    verdicts = g_hash_table_new (g_str_hash, g_str_equal);
  verdict = GPOINTER_TO_UINT (g_hash_table_lookup (verdicts, name));
  g_mutex_unlock (&lock);
  if (verdict != 0)
    return verdict - 1;
  verdict = try_to_encode (factory, element) ? 2 : 1;
  g_mutex_lock (&lock);
  g_hash_table_insert (verdicts, name, GUINT_TO_POINTER (verdict));
  g_mutex_unlock (&lock);
  return verdict - 1;
}

void
gst_codec_trial_note_missing (const gchar *name, GstElement *element)
{
  warn (name, element, "is not installed", "it was asked for");
}
