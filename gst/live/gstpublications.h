/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The streams that are published to an rtmpwebrtcsink: those at its sink pads,
 * except for what it pulls itself. Each call may come from any thread. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _GstPublications GstPublications;

/* A stream begins to be published, or ends; called in order, under a lock. */
typedef void (*GstPublicationsFunc) (const gchar *stream, gboolean begins,
    gpointer user_data);

GstPublications *gst_publications_new (void);
void gst_publications_free (GstPublications *self);

/* Watches @pad, a sink pad of the bin that outlives neither the bin nor @self,
 * until gst_publications_unfollow(). */
void gst_publications_follow (GstPublications *self, GstPad *pad);
/* The pad is removed; does nothing if it is not followed. */
void gst_publications_unfollow (GstPublications *self, GstPad *pad);

/* @func: (nullable): is called for the streams that are published now, and from
 * now on. NULL: the former one is not called any more. */
void gst_publications_set_listener (GstPublications *self,
    GstPublicationsFunc func, gpointer user_data);

G_END_DECLS
