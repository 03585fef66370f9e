/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A second branch, in H.264: see gstrendition.h. */

#include "gst/live/gstrendition.h"

#include "gst/live/gstalternatives.h"
#include "gst/live/gstbacklog.h"
#include "gst/live/gstdatagramsize.h"
#include "gst/live/gstpicturelimit.h"
#include "gst/live/heap-io.h"

GST_DEBUG_CATEGORY_EXTERN (gst_rtmp_webrtc_sink_debug);
#define GST_CAT_DEFAULT gst_rtmp_webrtc_sink_debug

/* The codec that browsers support if they lack the track's own. */
#define ENCODING_NAME "H264"
struct _GstRendition
{
  const GstRecipe *recipe;
  GstElement *chain;
  GstElement *whep;
  gchar *name; /* nullable */
  TranscodeSlots *slots;
  GstPictureLimit limit;
  GstCodecChoice choice;
  gboolean is_needed;
  gboolean is_news;    /* the chain's caps do not say yet what there is */
  gboolean has_warned; /* warned about the lack of a slot, since it is needed */

  /* Set while a viewer needs the rendition. */
  GstElement *branch;
  GstElement *queue;
  GstPad *tee_pad;
  GstPad *whep_pad;
  GstBacklog backlog;
  gboolean has_failed; /* the branch gets no more frames */
};

/* Waits until the size of the pictures is known. */
static gboolean
may_decode (GstRendition *self, GstBuffer *frame)
{
  GstPictureVerdict verdict = gst_picture_limit_check (&self->limit, frame);

  if (verdict == GST_PICTURE_TOO_LARGE) {
    self->has_failed = TRUE;
    GST_ELEMENT_WARNING (self->chain, STREAM, FAILED,
        ("Pictures of %u x %u are too large to be transcoded to H.264 for "
         "viewers that need it (max-picture-area).",
            self->limit.size.width, self->limit.size.height),
        (NULL));
  }
  return verdict == GST_PICTURE_FITS;
}

/* The decoder starts, and restarts after frames were dropped, with a key frame.
 */
static GstPadProbeReturn
on_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstRendition *self = user_data;
  GstBuffer *frame = GST_PAD_PROBE_INFO_BUFFER (info);
  gboolean is_key = !GST_BUFFER_FLAG_IS_SET (frame, GST_BUFFER_FLAG_DELTA_UNIT);

  if (self->has_failed || !may_decode (self, frame))
    return GST_PAD_PROBE_DROP;
  return gst_backlog_takes (&self->backlog, is_key) ? GST_PAD_PROBE_OK
                                                    : GST_PAD_PROBE_DROP;
}

/* A failure of the branch does not affect the track. */
static GstFlowReturn
on_branch_frame (GstPad *pad, GstObject *parent, GstBuffer *frame)
{
  GstRendition *self = gst_pad_get_element_private (pad);
  GstFlowReturn flow = gst_proxy_pad_chain_default (pad, parent, frame);

  if (flow == GST_FLOW_OK || flow == GST_FLOW_FLUSHING)
    return GST_FLOW_OK;
  self->has_failed = TRUE;
  GST_ELEMENT_WARNING (self->chain, STREAM, FAILED,
      ("The H.264 rendition has failed; viewers that need it get no video."),
      ("%s", gst_flow_get_name (flow)));
  return GST_FLOW_OK;
}

static GstPad *
request_whep_pad (GstRendition *self)
{
  GstPad *pad = gst_element_request_pad_simple (self->whep, self->recipe->pad);

  if (pad != NULL)
    g_object_set (pad, "rendition", TRUE, NULL);
  if (pad != NULL && self->name != NULL)
    g_object_set (pad, "stream-name", self->name, NULL);
  return pad;
}

/* Adds a ghost pad to the chain, which will contain the branch. */
static GstPad *
add_out (GstRendition *self)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (self->branch, "src");
  GstPad *out = gst_ghost_pad_new ("rendition", src);

  gst_pad_set_active (out, TRUE);
  gst_element_add_pad (self->chain, out);
  return out;
}

/* Links from the downstream end, so that the first event finds all elements
 * linked. */
static gboolean
link_branch (GstRendition *self, GstElement *tee)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->branch, "sink");

  gst_pad_set_element_private (sink, self);
  gst_pad_set_chain_function (sink, on_branch_frame);
  self->whep_pad = request_whep_pad (self);
  if (self->whep_pad == NULL ||
      gst_pad_link (add_out (self), self->whep_pad) != GST_PAD_LINK_OK ||
      !gst_element_sync_state_with_parent (self->branch))
    return FALSE;
  self->tee_pad = gst_element_request_pad_simple (tee, "src_%u");
  self->backlog = (GstBacklog){ .queue = self->queue, .has_gap = TRUE };
  gst_pad_add_probe (self->tee_pad, GST_PAD_PROBE_TYPE_BUFFER, on_frame, self,
      NULL);
  return gst_pad_link (self->tee_pad, sink) == GST_PAD_LINK_OK;
}

static void
remove_out (GstRendition *self)
{
  g_autoptr (GstPad) out =
      gst_element_get_static_pad (self->chain, "rendition");

  if (out == NULL)
    return;
  gst_pad_set_active (out, FALSE);
  gst_element_remove_pad (self->chain, out);
}

/* Not called in the streaming thread. */
static void
trim (GstElement *whep, gpointer unused)
{
  heap_trim ();
}

/* Unlinks from the tee first, so that nothing reaches elements being removed.
 */
static void
end (GstRendition *self)
{
  g_autoptr (GstElement) tee =
      gst_bin_get_by_name (GST_BIN (self->chain), GST_RECIPE_TEE);

  if (self->branch == NULL)
    return;
  GST_INFO_OBJECT (self->chain, "the rendition ends");
  self->is_news = TRUE;
  if (self->tee_pad != NULL)
    gst_element_release_request_pad (tee, self->tee_pad);
  gst_clear_object (&self->tee_pad);
  gst_element_set_locked_state (self->branch, TRUE);
  gst_element_set_state (self->branch, GST_STATE_NULL);
  remove_out (self);
  gst_bin_remove (GST_BIN (self->chain), self->branch);
  gst_clear_object (&self->queue);
  self->branch = NULL;
  if (self->whep_pad != NULL)
    gst_element_release_request_pad (self->whep, self->whep_pad);
  gst_clear_object (&self->whep_pad);
  transcode_slots_give_back (self->slots);
  gst_element_call_async (self->whep, trim, NULL, NULL);
}

static gboolean
take_slot (GstRendition *self)
{
  if (transcode_slots_take (self->slots))
    return TRUE;
  if (!self->has_warned)
    GST_ELEMENT_WARNING (self->chain, RESOURCE, BUSY,
        ("A viewer needs the video in H.264, but the server already transcodes "
         "as many videos as it may (max-transcodes: %u).",
            transcode_slots_get_limit (self->slots)),
        (NULL));
  self->has_warned = TRUE;
  return FALSE;
}

static gboolean
make_branch (GstRendition *self)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (self->chain, "sink");
  g_autoptr (GError) error = NULL;

  gst_clear_caps (&self->choice.caps);
  self->choice.caps = gst_pad_get_current_caps (sink);
  self->branch =
      gst_recipe_make_rendition (self->recipe, &self->choice, &error);
  if (self->branch != NULL) {
    gst_datagram_size_set (GST_BIN (self->branch),
        gst_datagram_size_get (GST_BIN (self->chain)));
    return TRUE;
  }
  transcode_slots_give_back (self->slots);
  if (gst_alternatives_are_tried (error))
    return FALSE;
  GST_ELEMENT_WARNING (self->chain, CORE, MISSING_PLUGIN,
      ("The video cannot be transcoded to H.264, which a viewer needs."),
      ("%s", error->message));
  return FALSE;
}

static void
begin (GstRendition *self)
{
  g_autoptr (GstElement) tee =
      gst_bin_get_by_name (GST_BIN (self->chain), GST_RECIPE_TEE);

  if (!take_slot (self) || !make_branch (self))
    return;
  GST_INFO_OBJECT (self->chain, "a rendition begins");
  self->has_failed = FALSE;
  gst_bin_add (GST_BIN (self->chain), self->branch);
  self->queue = gst_bin_get_by_name (GST_BIN (self->branch), GST_RECIPE_QUEUE);
  gst_picture_limit_guard (GST_BIN (self->branch), GST_RECIPE_ENCODER,
      self->limit.max_area);
  self->is_news = TRUE;
  if (link_branch (self, tee))
    return;
  GST_ELEMENT_WARNING (self->chain, CORE, PAD,
      ("The video cannot be transcoded to H.264, which a viewer needs."),
      ("the branch could not be linked"));
  end (self);
}

/* Tries again at frames where a decoder could start, while no slot is free or
 * elements are tried. */
static GstPadProbeReturn
on_chain_frame (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstRendition *self = user_data;

  if (self->is_needed && self->branch == NULL &&
      !GST_BUFFER_FLAG_IS_SET (GST_PAD_PROBE_INFO_BUFFER (info),
          GST_BUFFER_FLAG_DELTA_UNIT))
    begin (self);
  if (self->is_news)
    gst_recipe_note_rendition (self->chain, self->branch);
  self->is_news = FALSE;
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_event (GstPad *pad, GstPadProbeInfo *info, gpointer user_data)
{
  GstEvent *event = GST_PAD_PROBE_INFO_EVENT (info);
  GstRendition *self = user_data;
  gboolean is_needed = FALSE;

  if (!gst_event_has_name (event, "rtmp-webrtc/need-rendition"))
    return GST_PAD_PROBE_OK;
  gst_structure_get_boolean (gst_event_get_structure (event), "needed",
      &is_needed);
  self->is_needed = is_needed;
  self->has_warned = FALSE;
  if (!is_needed)
    end (self);
  else if (self->branch == NULL)
    begin (self);
  gst_event_unref (event);
  return GST_PAD_PROBE_HANDLED;
}

GstRendition *
gst_rendition_new (const GstRecipe *recipe, GstElement *chain, GstPad *whep_pad,
    const gchar *name, const GstRecipeSettings *settings)
{
  GstRendition *self = g_new0 (GstRendition, 1);
  g_autoptr (GstPad) sink = gst_element_get_static_pad (chain, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (chain, "src");

  self->recipe = recipe;
  self->chain = chain;
  self->whep = GST_ELEMENT (GST_PAD_PARENT (whep_pad));
  self->name = g_strdup (name);
  self->slots = settings->slots;
  self->limit.codec = recipe->picture;
  self->limit.max_area = settings->max_area;
  self->choice = settings->choice;
  self->choice.decoder = g_strdup (settings->choice.decoder);
  self->choice.encoder = g_strdup (settings->choice.encoder);
  self->choice.caps = NULL;
  gst_pad_add_probe (sink, GST_PAD_PROBE_TYPE_BUFFER, on_chain_frame, self,
      NULL);
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, on_event, self,
      NULL);
  g_object_set (whep_pad, "rendition-codec", ENCODING_NAME, NULL);
  return self;
}

void
gst_rendition_free (GstRendition *self)
{
  if (self == NULL)
    return;
  end (self);
  gst_codec_choice_clear (&self->choice);
  g_free (self->name);
  g_free (self);
}
