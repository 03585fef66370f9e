/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of streams that are refused for a while to every publisher. Pure; has
 * one owner. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More names than an operator refuses at a time; further ones replace the
 * oldest. */
#define RTMP_REFUSALS_MAX 256
/* The longest time. */
#define RTMP_REFUSALS_MAX_US ((gint64) 24 * 60 * 60 * G_USEC_PER_SEC)

typedef struct _RtmpRefusals RtmpRefusals;

RtmpRefusals *rtmp_refusals_new (void);
void rtmp_refusals_free (RtmpRefusals *self);

/* Refuses @name from now on for @time_us, which is limited to
 * RTMP_REFUSALS_MAX_US; replaces an earlier refusal of that name. */
void rtmp_refusals_add (RtmpRefusals *self, const gchar *name, const gchar *why,
    gint64 time_us, gint64 now_us);
/* Returns FALSE if @name is not refused. */
gboolean rtmp_refusals_remove (RtmpRefusals *self, const gchar *name,
    gint64 now_us);

/* Returns: (transfer full) (nullable): why @name is refused, and for how long;
 * NULL if it is not. */
gchar *rtmp_refusals_dup_why (RtmpRefusals *self, const gchar *name,
    gint64 now_us);

G_END_DECLS
