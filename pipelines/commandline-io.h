/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program was called with, and what its .launch file becomes by that. */

#pragma once

#include "pipelines/invocation.h"

G_BEGIN_DECLS

typedef struct
{
  InvocationFlags flags;
  gchar *description; /* of the pipeline, as gst_parse_launch() takes it */
  gchar *folder;      /* of its .launch file */
  guint end_limit_ms;
  gchar *answer; /* nullable: what --help or --version say; that is all then */
} CommandLine;

/* Which program it is says --program=NAME, the first argument; its script puts
 * the .launch file behind that, or the folder with those of the streamer.
 * Initializes GStreamer. Returns FALSE with an error in words for who typed
 * it. */
gboolean command_line_read (CommandLine *self, gchar **arguments,
    GError **error);
void command_line_clear (CommandLine *self);

G_END_DECLS
