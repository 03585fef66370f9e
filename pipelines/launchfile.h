/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A .launch file: a pipeline as gst-launch-1.0 takes it, with comments and
 * placeholders.
 *
 *   # Until the end of the line, at its start or after a blank.
 *   rtmpserversrc port=${RTMP_PORT:-1935} : rtmpwebrtcsink name=${NAME}
 *
 * A placeholder is the value of a property, or a part of it. Whatever the value
 * holds, it stays a value: blanks, quotes or a "!" make no syntax. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define LAUNCHFILE_MAX_BYTES (64 * 1024)
#define LAUNCHFILE_MAX_VALUE (32 * 1024)
#define LAUNCHFILE_MAX_PLACEHOLDERS 256

#define LAUNCHFILE_ERROR (launchfile_error_quark ())
GQuark launchfile_error_quark (void);

typedef enum
{
  LAUNCHFILE_ERROR_SYNTAX,
  LAUNCHFILE_ERROR_MISSING, /* a value without a default */
  LAUNCHFILE_ERROR_VALUE,   /* a value that can't stand where it is wanted */
} LaunchfileError;

/* Returns: (nullable): the value of @name, NULL if it has none. */
typedef const gchar *(
    *LaunchfileLookup) (const gchar *name, gpointer user_data);

/* Returns: (transfer full) (nullable): what gst_parse_launch() takes, or NULL
 * with a %LAUNCHFILE_ERROR that names the line. */
gchar *launchfile_expand (const gchar *text, LaunchfileLookup lookup,
    gpointer user_data, GError **error);

G_END_DECLS
