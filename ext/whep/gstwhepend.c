/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Posts whepsink's EOS: see gstwhepend.h. */

#include "ext/whep/gstwhepend.h"
#include "ext/whep/gstwheppad.h"

static gboolean
has_track_locked (GstElement *element)
{
  for (GList *l = element->sinkpads; l != NULL; l = l->next)
    if (gst_whep_pad_is_live (GST_WHEP_PAD (l->data)))
      return TRUE;
  return FALSE;
}

void
gst_whep_end_check (GstWhepEnd *self, GstElement *element)
{
  GstMessage *eos = NULL;

  GST_OBJECT_LOCK (element);
  if (self->is_playing && self->seqnum != 0 && !self->is_answered &&
      !has_track_locked (element)) {
    self->is_answered = TRUE;
    eos = gst_message_new_eos (GST_OBJECT (element));
    gst_message_set_seqnum (eos, self->seqnum);
  }
  GST_OBJECT_UNLOCK (element);
  if (eos != NULL)
    gst_element_post_message (element, eos);
}

void
gst_whep_end_ask (GstWhepEnd *self, GstElement *element, guint32 seqnum)
{
  GST_OBJECT_LOCK (element);
  self->seqnum = seqnum;
  GST_OBJECT_UNLOCK (element);
  gst_whep_end_check (self, element);
}

void
gst_whep_end_set_playing (GstWhepEnd *self, GstElement *element,
    gboolean is_playing)
{
  GST_OBJECT_LOCK (element);
  self->is_playing = is_playing;
  self->is_answered = FALSE;
  GST_OBJECT_UNLOCK (element);
  gst_whep_end_check (self, element);
}

void
gst_whep_end_reset (GstWhepEnd *self, GstElement *element)
{
  GST_OBJECT_LOCK (element);
  self->seqnum = 0;
  GST_OBJECT_UNLOCK (element);
}
