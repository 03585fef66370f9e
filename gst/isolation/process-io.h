/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process of a decoder, and the socket to it. One thread writes and another
 * reads; any thread may kill it. */

#pragma once

#include "gst/isolation/wire.h"

G_BEGIN_DECLS

/* The descriptor that the process is given. */
#define ISOLATION_FD 3
/* A decoder that takes no frame for so long hangs: the socket has room for
 * many, and the end of the stream waits behind this one. */
#define ISOLATION_PATIENCE_US (4 * G_USEC_PER_SEC)

typedef struct _IsolationProcess IsolationProcess;

/* Returns: (nullable) (transfer full): the program that decodes: the variable
 * GST_RTMP_WEBRTC_DECODER or the installed one; NULL if there is none. */
gchar *isolation_process_find_program (void);

/* @decoder: in gst-launch syntax; with so many @threads. Returns: (nullable)
 * (transfer full). */
IsolationProcess *isolation_process_new (const gchar *program,
    const gchar *decoder, const gchar *threads, GError **error);
/* Kills it, and waits for its end. */
void isolation_process_free (IsolationProcess *self);

/* Returns FALSE if it has ended, or takes nothing for @patience_us. */
gboolean isolation_process_write (IsolationProcess *self,
    const WireHeader *header, const guint8 *data, gint64 patience_us);
/* Reads exactly @size bytes. Returns FALSE if it has ended. */
gboolean isolation_process_read (IsolationProcess *self, gpointer data,
    gsize size);
void isolation_process_kill (IsolationProcess *self);
/* Waits for the end of a process that was killed or has closed its socket.
 * Returns: (transfer full): how that was: "was killed by signal 11". */
gchar *isolation_process_join (IsolationProcess *self);
/* When it was started, monotonic. */
gint64 isolation_process_since_us (const IsolationProcess *self);
gint isolation_process_pid (const IsolationProcess *self);

G_END_DECLS
