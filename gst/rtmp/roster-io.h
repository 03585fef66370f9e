/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names of the streams being published. Each name belongs to one publisher
 * at a time. Can be used from any thread. */

#pragma once

#include "gst/rtmp/session.h"

G_BEGIN_DECLS

/* How long a takeover waits for the previous publisher to release the name:
 * longer than ending a running stream takes. */
#define RTMP_ROSTER_PATIENCE_US (3 * G_USEC_PER_SEC)
/* How long a name that was taken over can't be taken over again: otherwise, two
 * encoders that reconnect whenever they lose it would take it from each other
 * forever. */
#define RTMP_ROSTER_SETTLE_US (3 * G_USEC_PER_SEC)

typedef struct _RtmpRoster RtmpRoster;

/* Release the name soon: another publisher wants it or, if @why (nullable) is
 * set, the application disconnects its publisher. Called from any thread, until
 * the name is released; must neither block nor call the roster. */
typedef void (*RtmpRosterYieldFunc) (gpointer user_data, const gchar *why);

RtmpRoster *rtmp_roster_new (void);
void rtmp_roster_free (RtmpRoster *self);

/* Limits how many names can be claimed; existing ones are not affected. */
void rtmp_roster_set_limit (RtmpRoster *self, guint n_names);
/* Sets whether a second publisher of a name takes it over or is rejected. */
void rtmp_roster_set_takeover (RtmpRoster *self, gboolean replaces);
/* Sets whether claims may wait for a name. Closing also ends waits in progress.
 */
void rtmp_roster_set_open (RtmpRoster *self, gboolean is_open);

/* Returns TRUE if @name belongs to the caller now, until it is released;
 * @number is then one that no stream had before. Else @rejection is the reason.
 * May block for RTMP_ROSTER_PATIENCE_US. */
gboolean rtmp_roster_claim (RtmpRoster *self, const gchar *name,
    RtmpRosterYieldFunc yield, gpointer user_data, gint64 now_us, guint *number,
    RtmpRejection *rejection);
/* The same for a further track of the publisher of @owner, but fails if the
 * name is in use, without waiting. */
gboolean rtmp_roster_claim_free (RtmpRoster *self, const gchar *name,
    const gchar *owner, RtmpRosterYieldFunc yield, gpointer user_data,
    guint *number);
void rtmp_roster_release (RtmpRoster *self, const gchar *name);

/* Disconnects the publisher of @name, which may be a further track, and refuses
 * its stream's name for @refuse_us; 0 lifts an earlier refusal. Returns FALSE
 * if there was nothing to do. */
gboolean rtmp_roster_dismiss (RtmpRoster *self, const gchar *name,
    const gchar *why, gint64 refuse_us, gint64 now_us);
/* The same, but only if the holder of @name is the one that got @number:
 * another publisher may have taken its place. */
gboolean rtmp_roster_dismiss_number (RtmpRoster *self, const gchar *name,
    guint number, const gchar *why, gint64 refuse_us, gint64 now_us);
/* Returns: (transfer full) (nullable): why @name is refused; NULL if it is not.
 */
gchar *rtmp_roster_dup_refusal (RtmpRoster *self, const gchar *name,
    gint64 now_us);

guint rtmp_roster_count (RtmpRoster *self);

G_END_DECLS
