/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names under which somebody publishes now. Every thread may call; a name
 * is claimed by one publisher at a time. */

#pragma once

#include "gst/rtmp/session.h"

G_BEGIN_DECLS

/* Who took a name over waits so long for the one before to let go of it:
 * longer than a stream that flows takes to end. */
#define RTMP_ROSTER_PATIENCE_US (3 * G_USEC_PER_SEC)
/* For so long nobody takes a name over from who took it over: two encoders that
 * connect again whenever they lose it would do nothing else. */
#define RTMP_ROSTER_SETTLE_US (3 * G_USEC_PER_SEC)

typedef struct _RtmpRoster RtmpRoster;

/* Somebody else wants the name: let go of it soon. Called from any thread,
 * until the name is released; must neither block nor call the roster. */
typedef void (*RtmpRosterYieldFunc) (gpointer user_data);

RtmpRoster *rtmp_roster_new (void);
void rtmp_roster_free (RtmpRoster *self);

/* How many may publish at once; who does already goes on. */
void rtmp_roster_set_limit (RtmpRoster *self, guint n_names);
/* Whether a second publisher of a name gets it, or is refused. */
void rtmp_roster_set_takeover (RtmpRoster *self, gboolean replaces);
/* Nobody waits for a name any more, or does again. */
void rtmp_roster_set_open (RtmpRoster *self, gboolean is_open);

/* Returns TRUE if @name is the caller's now, until it is released; @number is
 * one that no stream had before. Else @refusal says why. May take
 * RTMP_ROSTER_PATIENCE_US. */
gboolean rtmp_roster_claim (RtmpRoster *self, const gchar *name,
    RtmpRosterYieldFunc yield, gpointer user_data, gint64 now_us, guint *number,
    RtmpRefusal *refusal);
/* The same, but nobody is asked to let go of the name, and nobody waits. */
gboolean rtmp_roster_claim_free (RtmpRoster *self, const gchar *name,
    RtmpRosterYieldFunc yield, gpointer user_data, guint *number);
void rtmp_roster_release (RtmpRoster *self, const gchar *name);

guint rtmp_roster_count (RtmpRoster *self);

G_END_DECLS
