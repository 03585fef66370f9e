/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an application says of its stream and its server, as a GstStructure →
 * what an answer is written from. */

#pragma once

#include "gst/sdp/answer.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  SdpAnswerParams params; /* its strings belong to the structure */
  gchar **addresses;
} GstStreamFacts;

/* Fails with a %GST_LIBRARY_ERROR_SETTINGS that names the field. What it has
 * set is to be cleared either way. */
gboolean gst_stream_facts_init (GstStreamFacts *self, const GstStructure *facts,
    GError **error);
void gst_stream_facts_clear (GstStreamFacts *self);

/* Six hex digits; NULL and "" mean none, which is 0. */
gboolean gst_stream_facts_read_profile (const gchar *digits, guint32 *id,
    GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GstStreamFacts, gst_stream_facts_clear)

G_END_DECLS
