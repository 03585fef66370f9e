/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of request pads: see gstwheppadnames.h. */

#include "ext/whep/gstwheppadnames.h"

static gboolean
has_pad_locked (GstElement *element, const gchar *name)
{
  for (GList *link = element->pads; link != NULL; link = link->next)
    if (g_str_equal (GST_PAD_NAME (link->data), name))
      return TRUE;
  return FALSE;
}

gchar *
gst_whep_pad_names_dup (GstElement *element, guint *next, const gchar *kind,
    const gchar *name)
{
  gchar *own = g_strdup (name);

  GST_OBJECT_LOCK (element);
  if (name != NULL && has_pad_locked (element, name))
    g_clear_pointer (&own, g_free);
  /* There is at most one iteration more than there are pads. */
  while (name == NULL && (own == NULL || has_pad_locked (element, own))) {
    g_free (own);
    own = g_strdup_printf ("%s_%u", kind, (*next)++);
  }
  GST_OBJECT_UNLOCK (element);
  return own;
}
