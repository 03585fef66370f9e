/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What makes RTP of a publisher's track: one table, caps → chain. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  const gchar *caps;
  const gchar *pad;   /* whepsink's template that the chain ends at */
  const gchar *chain; /* as for gst-launch */
} GstRecipe;

/* Returns: (nullable): the recipe, or NULL for a codec that WebRTC can't
 * carry and nobody here can change. */
const GstRecipe *gst_recipe_find (const GstCaps *caps);

/* Returns: (nullable) (transfer floating): a bin with the pads sink and src, or
 * NULL if an element is missing. */
GstElement *gst_recipe_make (const GstRecipe *self, GError **error);

G_END_DECLS
