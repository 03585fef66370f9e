/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a program's command line, and expands its .launch file accordingly. */

#pragma once

#include "pipelines/invocation.h"
#include "pipelines/logline.h"

G_BEGIN_DECLS

typedef struct
{
  InvocationFlags flags;
  gchar *description; /* of the pipeline, as gst_parse_launch() takes it */
  gchar *folder;      /* of its .launch file */
  LoglineForm log;
  guint end_limit_ms;
  gchar *answer; /* nullable: the output of --help or --version */
} CommandLine;

/* The first argument, --program=NAME, selects the program; its script passes
 * the .launch file next, or for the streamer the folder with its files.
 * Initialises GStreamer. Returns FALSE with an error for the user. */
gboolean command_line_read (CommandLine *self, gchar **arguments,
    GError **error);
void command_line_clear (CommandLine *self);

G_END_DECLS
