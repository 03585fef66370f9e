/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The server of whepsink for any thread that calls it and waits for an answer:
 * it is not freed before the last call has ended. */

#pragma once

#include "ext/whep/http/server-io.h"

G_BEGIN_DECLS

typedef struct
{
  GMutex lock; /* guards all below */
  GCond cond;
  WhepHttp *http; /* NULL unless running */
  guint n_calls;
} GstWhepCalls;

void gst_whep_calls_init (GstWhepCalls *self);
void gst_whep_calls_clear (GstWhepCalls *self);

void gst_whep_calls_open (GstWhepCalls *self, WhepHttp *http);
/* Waits for those that have begun; no other begins from now on. */
void gst_whep_calls_close (GstWhepCalls *self);

/* Returns: (nullable): the server, if it is running; then
 * gst_whep_calls_end() must follow. */
WhepHttp *gst_whep_calls_begin (GstWhepCalls *self);
void gst_whep_calls_end (GstWhepCalls *self);

/* Sets the limits of the server, if it is running. */
void gst_whep_calls_set_limits (GstWhepCalls *self,
    const WhepViewerLimits *limits);

G_END_DECLS
