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

/* Of an element; lives as long as the process. */
typedef struct
{
  GstElementFactory *factory;
  CodecVerdict verdict;
  gchar *reason; /* nullable: why the last trial failed */
} Trial;

/* Guards the following tables, and what is in them. */
static GMutex lock;
static GHashTable *warned; /* names of elements */
static GHashTable *trials; /* name to Trial; as many as there are elements that
                            * need a device */

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

static const gchar *
name_of (GstElementFactory *factory)
{
  return g_intern_string (GST_OBJECT_NAME (factory));
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

/* Returns: (nullable) (transfer full): why it does not start. */
static gchar *
try_to_start (GstElementFactory *factory)
{
  g_autoptr (GstElement) codec = gst_element_factory_create (factory, NULL);
  g_autoptr (GstBus) bus = gst_bus_new ();
  gchar *reason = NULL;

  if (codec == NULL)
    return g_strdup ("its plugin could not be loaded");
  gst_object_ref_sink (codec);
  gst_element_set_bus (codec, bus);
  if (gst_element_set_state (codec, GST_STATE_READY) ==
      GST_STATE_CHANGE_FAILURE) {
    g_autoptr (GstMessage) message =
        gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);

    reason = message != NULL ? dup_words (message)
                             : g_strdup ("its device could not be opened");
  }
  gst_element_set_state (codec, GST_STATE_NULL);
  gst_element_set_bus (codec, NULL);
  return reason;
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

/* Returns: (nullable) (transfer full): why it does not encode. */
static gchar *
try_to_encode (GstElementFactory *factory)
{
  g_autofree gchar *chain = gst_h264_encoders_dup_chain (name_of (factory));
  g_autofree gchar *description =
      g_strconcat (PICTURES, chain, " ! fakesink name=out sync=false", NULL);
  g_autoptr (GstElement) pipeline = gst_parse_launch_full (description, NULL,
      GST_PARSE_FLAG_FATAL_ERRORS, NULL);
  g_autoptr (GstElement) encoder = NULL;

  /* Without a test picture, there is only the stream to try it with. */
  if (pipeline == NULL)
    return NULL;
  gst_object_ref_sink (pipeline);
  encoder = gst_bin_get_by_name (GST_BIN (pipeline), GST_H264_ENCODERS_NAME);
  gst_h264_encoders_set_up (encoder, 1);
  return run (pipeline);
}

/* The thread of a trial. */
static gpointer
try (gpointer user_data)
{
  Trial *self = user_data;
  gchar *reason = try_to_start (self->factory);

  if (reason == NULL && gst_h264_encoders_fits (self->factory))
    reason = try_to_encode (self->factory);
  GST_INFO ("%s: %s", name_of (self->factory),
      reason != NULL ? reason : "can be used");
  g_mutex_lock (&lock);
  codec_verdict_note (&self->verdict, reason == NULL, g_get_monotonic_time ());
  g_free (self->reason);
  self->reason = reason;
  if (reason == NULL && warned != NULL)
    g_hash_table_remove (warned, name_of (self->factory));
  g_mutex_unlock (&lock);
  return NULL;
}

static Trial *
find_locked (GstElementFactory *factory)
{
  const gchar *name = name_of (factory);
  Trial *trial;

  if (trials == NULL)
    trials = g_hash_table_new (g_str_hash, g_str_equal);
  trial = g_hash_table_lookup (trials, name);
  if (trial == NULL) {
    trial = g_new0 (Trial, 1);
    trial->factory = gst_object_ref (factory);
    g_hash_table_insert (trials, (gpointer) name, trial);
  }
  return trial;
}

CodecAnswer
gst_codec_trial_ask (GstElementFactory *factory, GstElement *element)
{
  g_autofree gchar *reason = NULL;
  CodecAnswer answer;
  gboolean begins;
  Trial *trial;

  init_debug ();
  g_mutex_lock (&lock);
  trial = find_locked (factory);
  answer =
      codec_verdict_ask (&trial->verdict, g_get_monotonic_time (), &begins);
  reason = g_strdup (
      trial->verdict.is_tried ? "its driver does not answer" : trial->reason);
  g_mutex_unlock (&lock);
  if (begins)
    g_thread_unref (g_thread_new ("codectrial", try, trial));
  if (answer == CODEC_FAILS)
    warn (name_of (factory), element, "can't be used", reason);
  return answer;
}

void
gst_codec_trial_note_missing (const gchar *name, GstElement *element)
{
  warn (name, element, "is not installed", "it was asked for");
}
