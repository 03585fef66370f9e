/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names under which somebody publishes now. Every thread may call; a name
 * is claimed by one publisher at a time. */

#pragma once

#include "gst/rtmp/session.h"

G_BEGIN_DECLS

typedef struct _RtmpRoster RtmpRoster;

RtmpRoster *rtmp_roster_new (void);
void rtmp_roster_free (RtmpRoster *self);

/* How many may publish at once; who does already goes on. */
void rtmp_roster_set_limit (RtmpRoster *self, guint n_names);

/* Returns TRUE if @name is the caller's now, until it is released; @number is
 * one that no stream had before. Else @refusal says why. */
gboolean rtmp_roster_claim (RtmpRoster *self, const gchar *name, guint *number,
    RtmpRefusal *refusal);
void rtmp_roster_release (RtmpRoster *self, const gchar *name);

guint rtmp_roster_count (RtmpRoster *self);

G_END_DECLS
