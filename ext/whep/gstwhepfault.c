/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A track that viewers do not get: see gstwhepfault.h. */

#include "ext/whep/gstwhepfault.h"

#include <string.h>

/* The maximum length of each text that upstream provides for viewers: a
 * sentence. */
#define MAX_WORDS_BYTES 256

/* Returns: (nullable) (transfer full) */
static gchar *
dup_words (const GstStructure *s, const gchar *field)
{
  const gchar *words = gst_structure_get_string (s, field);

  return words == NULL
      ? NULL
      : g_utf8_make_valid (words, strnlen (words, MAX_WORDS_BYTES));
}

gboolean
gst_whep_fault_init (GstWhepFault *self, GstEvent *event)
{
  const GstStructure *s = gst_event_get_structure (event);

  *self = (GstWhepFault){ 0 };
  if (!gst_event_has_name (event, "rtmp-webrtc/track-unplayable"))
    return FALSE;
  self->codec = dup_words (s, "codec");
  self->reason = dup_words (s, "reason");
  return self->reason != NULL;
}

void
gst_whep_fault_clear (GstWhepFault *self)
{
  g_free (self->codec);
  g_free (self->reason);
}
