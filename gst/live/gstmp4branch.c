/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The branch to fragmented MP4: see gstmp4branch.h. */

#include "gst/live/gstmp4branch.h"

#include "gst/live/picturesize.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

/* The name of a stream without one, as whepsink calls it. */
#define DEFAULT_STREAM "live/stream"

/* The path of a track: source → in → tee → out → its chain for RTP
 *                                      tee → convert → mux */
typedef struct
{
  GstMp4Branch *owner;
  GstPad *source; /* only compared */
  GstElement *tee;
  GstElement *convert;
  GstPad *in, *out; /* of the element */
  GstPad *mux_pad;  /* nullable: there is no mux */
  gint row;         /* of its codec */
  gboolean has_failed;
} Path;

struct _GstMp4Branch
{
  GstElement *bin;    /* owned */
  GstElement *mux;    /* nullable: nobody wants MP4 now */
  gboolean lacks_mux; /* the element is missing */
  GstElement *whep;   /* this and the next: nullable */
  GstPad *whep_pad;
  GstRecorder *recorder; /* owned; takes what the mux pushes */
  GList *paths;          /* of Path */
};

/* What MP4 wants, from what rtmplivedemux has. */
static const struct
{
  const gchar *caps;
  const gchar *convert;
  const gchar *pad;
  PictureCodec codec; /* whose frames have the size that the caps lack */
} rows[] = {
  { "video/x-h264",
      "h264parse ! capsfilter caps=video/x-h264,stream-format=avc,alignment=au",
      "video_%u", PICTURE_NONE },
  { "video/x-h265",
      "h265parse ! capsfilter "
      "caps=video/x-h265,stream-format=hvc1,alignment=au",
      "video_%u", PICTURE_NONE },
  { "video/x-av1", "identity", "video_%u", PICTURE_AV1 },
  { "video/x-vp9", "identity", "video_%u", PICTURE_VP9 },
  { "audio/mpeg, mpegversion=(int)4", "identity", "audio_%u", PICTURE_NONE },
  { "audio/mpeg, mpegversion=(int)1", "identity", "audio_%u", PICTURE_NONE },
  { "audio/x-opus", "identity", "audio_%u", PICTURE_NONE },
  { "audio/x-flac", "identity", "audio_%u", PICTURE_NONE },
  { "audio/x-ac3", "identity", "audio_%u", PICTURE_NONE },
};

static gint
find_row (GstPad *source)
{
  g_autoptr (GstCaps) caps = gst_pad_get_current_caps (source);

  if (caps == NULL)
    return -1;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GstCaps) wanted = gst_caps_from_string (rows[i].caps);

    if (gst_caps_is_subset (caps, wanted))
      return i;
  }
  return -1;
}

GstMp4Branch *
gst_mp4_branch_new (GstElement *whep, const gchar *name,
    GstRecordings *recordings)
{
  GstMp4Branch *self = g_new0 (GstMp4Branch, 1);

  self->bin = gst_object_ref_sink (gst_bin_new (NULL));
  self->recorder =
      gst_recorder_new (recordings, name != NULL ? name : DEFAULT_STREAM);
  self->whep = whep;
  if (whep != NULL)
    self->whep_pad = gst_element_request_pad_simple (whep, "mp4_%u");
  if (self->whep_pad != NULL && name != NULL)
    g_object_set (self->whep_pad, "stream-name", name, NULL);
  return self;
}

GstElement *
gst_mp4_branch_element (const GstMp4Branch *self)
{
  return self->bin;
}

static Path *
find (const GstMp4Branch *self, GstPad *source)
{
  for (GList *l = self->paths; l != NULL; l = l->next) {
    Path *path = l->data;

    if (path->source == source)
      return path;
  }
  return NULL;
}

GstPad *
gst_mp4_branch_pad (const GstMp4Branch *self, GstPad *source)
{
  const Path *path = self != NULL ? find (self, source) : NULL;

  return path != NULL ? path->out : source;
}

/* Returns FALSE if the mux has too many tracks. */
static gboolean
link_to_mux (GstMp4Branch *self, Path *path)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (path->convert, "src");

  path->mux_pad =
      gst_element_request_pad_simple (self->mux, rows[path->row].pad);
  return path->mux_pad != NULL &&
      gst_pad_link (src, path->mux_pad) == GST_PAD_LINK_OK;
}

static void
unlink_from_mux (GstMp4Branch *self, Path *path)
{
  if (path->mux_pad == NULL)
    return;
  gst_element_release_request_pad (self->mux, path->mux_pad);
  g_clear_object (&path->mux_pad);
}

/* Without a pad of whepsink, the recorder is all there is. */
static GstPadProbeReturn
on_fragment (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstMp4Branch *self = user_data;

  gst_recorder_take (self->recorder, GST_PAD_PROBE_INFO_BUFFER (info));
  return self->whep_pad != NULL ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

/* whepsink's pad begins with the first track. */
static gboolean
link_to_whep (GstMp4Branch *self, GstPad *mux_src)
{
  GstPad *ghost;

  if (self->whep_pad == NULL)
    return TRUE;
  ghost = gst_ghost_pad_new ("src", mux_src);
  gst_pad_set_active (ghost, TRUE);
  return gst_element_add_pad (self->bin, ghost) &&
      gst_pad_link (ghost, self->whep_pad) == GST_PAD_LINK_OK;
}

static void
open_mux (GstMp4Branch *self)
{
  g_autoptr (GstPad) src = NULL;

  self->mux = gst_element_factory_make ("fmp4livemux", NULL);
  self->lacks_mux = self->mux == NULL;
  if (self->lacks_mux) {
    GST_ELEMENT_WARNING (self->bin, CORE, MISSING_PLUGIN,
        ("It is not served over HTTP, and not recorded."),
        ("fmp4livemux is missing"));
    return;
  }
  gst_bin_add (GST_BIN (self->bin), self->mux);
  src = gst_element_get_static_pad (self->mux, "src");
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_fragment, self, NULL);
  if (!link_to_whep (self, src))
    GST_WARNING_OBJECT (self->bin, "whepsink does not take MP4");
  for (GList *l = self->paths; l != NULL; l = l->next) {
    Path *path = l->data;

    path->has_failed = !link_to_mux (self, path);
  }
  gst_element_sync_state_with_parent (self->mux);
}

static void
close_mux (GstMp4Branch *self)
{
  for (GList *l = self->paths; l != NULL; l = l->next)
    unlink_from_mux (self, l->data);
  gst_element_set_locked_state (self->mux, TRUE);
  gst_element_set_state (self->mux, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self->bin), self->mux);
  self->mux = NULL;
}

/* There is a mux while somebody wants MP4, which then begins with a key frame.
 * Returns whether there is one. */
static gboolean
update_mux (GstMp4Branch *self)
{
  gboolean is_wanted =
      self->whep_pad != NULL || gst_recorder_is_wanted (self->recorder);

  if (is_wanted && self->mux == NULL && !self->lacks_mux)
    open_mux (self);
  else if (!is_wanted && self->mux != NULL)
    close_mux (self);
  return self->mux != NULL;
}

/* The first key frame has the size; frames before it are dropped by the mux. */
static void
look_for_size (Path *path, GstBuffer *frame)
{
  PictureCodec codec = rows[path->row].codec;
  PictureSize size;
  GstMapInfo map;

  if (codec == PICTURE_NONE ||
      GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT) ||
      !gst_buffer_map (frame, &map, GST_MAP_READ))
    return;
  if (picture_size_read (&size, codec, map.data, map.size))
    g_object_set (path->mux_pad, "width", size.width, "height", size.height,
        NULL);
  gst_buffer_unmap (frame, &map);
}

/* A failure of the branch does not affect the track. */
static GstFlowReturn
on_frame (GstPad *pad, GstObject *parent, GstBuffer *frame)
{
  Path *path = gst_pad_get_element_private (pad);
  GstFlowReturn flow;

  if (!update_mux (path->owner) || path->has_failed) {
    gst_buffer_unref (frame);
    return GST_FLOW_OK;
  }
  look_for_size (path, frame);
  flow = gst_proxy_pad_chain_default (pad, parent, frame);
  if (flow == GST_FLOW_OK || flow == GST_FLOW_FLUSHING)
    return GST_FLOW_OK;
  path->has_failed = TRUE;
  GST_WARNING_OBJECT (path->owner->bin, "no more MP4 of %s: %s",
      GST_PAD_NAME (path->mux_pad), gst_flow_get_name (flow));
  return GST_FLOW_OK;
}

static GstPad *
add_ghost (GstMp4Branch *self, GstPad *target)
{
  GstPad *ghost = gst_ghost_pad_new (NULL, target);

  gst_pad_set_active (ghost, TRUE);
  gst_element_add_pad (self->bin, ghost);
  return ghost;
}

/* Links from the downstream end, so that the first event finds all linked. */
static gboolean
link_path (GstMp4Branch *self, Path *path)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (path->convert, "sink");
  g_autoptr (GstPad) tee_sink = gst_element_get_static_pad (path->tee, "sink");
  g_autoptr (GstPad) first =
      gst_element_request_pad_simple (path->tee, "src_%u");
  g_autoptr (GstPad) second =
      gst_element_request_pad_simple (path->tee, "src_%u");

  gst_pad_set_element_private (sink, path);
  gst_pad_set_chain_function (sink, on_frame);
  if ((self->mux != NULL && !link_to_mux (self, path)) ||
      gst_pad_link (second, sink) != GST_PAD_LINK_OK)
    return FALSE;
  path->in = add_ghost (self, tee_sink);
  path->out = add_ghost (self, first);
  return gst_element_sync_state_with_parent (path->convert) &&
      gst_element_sync_state_with_parent (path->tee) &&
      gst_pad_link (path->source, path->in) == GST_PAD_LINK_OK;
}

static void
free_path (GstMp4Branch *self, Path *path)
{
  GstElement *const elements[] = { path->tee, path->convert };

  self->paths = g_list_remove (self->paths, path);
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++) {
    gst_element_set_locked_state (elements[i], TRUE);
    gst_element_set_state (elements[i], GST_STATE_NULL);
  }
  if (path->in != NULL)
    gst_element_remove_pad (self->bin, path->in);
  if (path->out != NULL)
    gst_element_remove_pad (self->bin, path->out);
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    gst_bin_remove (GST_BIN (self->bin), elements[i]);
  unlink_from_mux (self, path);
  g_free (path);
}

/* Returns: (nullable): NULL if elements are missing. */
static Path *
add_path (GstMp4Branch *self, GstPad *source, gint row)
{
  g_autoptr (GError) error = NULL;
  GstElement *tee =
      gst_element_factory_make_full ("tee", "allow-not-linked", TRUE, NULL);
  GstElement *convert = gst_parse_bin_from_description_full (rows[row].convert,
      TRUE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  Path *path;

  if (tee == NULL || convert == NULL) {
    GST_WARNING_OBJECT (self->bin, "no MP4 of %s: %s", GST_PAD_NAME (source),
        error != NULL ? error->message : "there is no tee");
    g_clear_pointer (&tee, gst_object_unref);
    g_clear_pointer (&convert, gst_object_unref);
    return NULL;
  }
  path = g_new0 (Path, 1);
  *path = (Path){
    .owner = self,
    .source = source,
    .tee = tee,
    .convert = convert,
    .row = row,
  };
  gst_bin_add_many (GST_BIN (self->bin), tee, convert, NULL);
  self->paths = g_list_prepend (self->paths, path);
  return path;
}

GstPad *
gst_mp4_branch_add (GstMp4Branch *self, GstPad *source)
{
  gint row = self != NULL ? find_row (source) : -1;
  Path *path;

  if (row < 0 || !gst_element_sync_state_with_parent (self->bin))
    return source;
  update_mux (self);
  path = add_path (self, source, row);
  if (path == NULL)
    return source;
  if (link_path (self, path))
    return path->out;
  GST_WARNING_OBJECT (self->bin, "no MP4 of %s", GST_PAD_NAME (source));
  free_path (self, path);
  return source;
}

void
gst_mp4_branch_remove (GstMp4Branch *self, GstPad *source)
{
  Path *path = self != NULL ? find (self, source) : NULL;

  if (path != NULL)
    free_path (self, path);
}

void
gst_mp4_branch_free (GstMp4Branch *self)
{
  g_autoptr (GstObject) bin = NULL;

  if (self == NULL)
    return;
  gst_element_set_locked_state (self->bin, TRUE);
  gst_element_set_state (self->bin, GST_STATE_NULL);
  while (self->paths != NULL)
    free_path (self, self->paths->data);
  if (self->whep_pad != NULL) {
    gst_element_release_request_pad (self->whep, self->whep_pad);
    gst_object_unref (self->whep_pad);
  }
  gst_recorder_free (self->recorder);
  bin = gst_object_get_parent (GST_OBJECT (self->bin));
  if (bin != NULL)
    gst_bin_remove (GST_BIN (bin), self->bin);
  gst_object_unref (self->bin);
  g_free (self);
}
