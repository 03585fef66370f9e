/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command line of whepbench. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gchar **urls; /* of WHEP endpoints; viewers take turns */
  gint n_viewers;
  gdouble rate; /* joins a second */
  gint duration_s;
  gchar *token;       /* nullable */
  gchar *token_file;  /* nullable */
  gchar *video_codec; /* nullable: any */
  gboolean is_audio_only;
  gboolean is_insecure;
  gboolean is_strict;
  gboolean is_json;
  gboolean shows_version;
} BenchOptions;

/* Takes what it knows out of @argv, and checks all values. Returns FALSE with a
 * %G_OPTION_ERROR whose message is for the user. --help ends the program. */
gboolean bench_options_parse (BenchOptions *self, gint *argc, gchar ***argv,
    GError **error);
void bench_options_clear (BenchOptions *self);

/* RFC 6750 section 2.1. */
gboolean bench_token_is_valid (const gchar *token);

G_END_DECLS
