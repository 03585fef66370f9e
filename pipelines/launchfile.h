/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A .launch file: a pipeline as gst-launch-1.0 takes it, with comments and
 * placeholders.
 *
 *   # Until the end of the line, at its start or after a blank.
 *   rtmpserversrc
 *     # --rtmp-port: TCP port for publishers
 *     port=${RTMP_PORT:-1935}
 *   : rtmpwebrtcsink name=${NAME} linger=${LINGER@ns:-15s}
 *
 * A placeholder is the value of a property, or part of it. Its value is never
 * parsed as syntax, even if it contains blanks, quotes or a "!". The text after
 * an "@" is the kind of value (see gstsetting.h), if the property does not
 * determine it. A comment directly above that begins with "--NAME:" makes the
 * placeholder an option of the program, with the rest of the comment as its
 * help. Pure. */

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
  LAUNCHFILE_ERROR_MISSING, /* no value and no default */
  LAUNCHFILE_ERROR_VALUE,   /* a value that is not allowed */
} LaunchfileError;

/* A placeholder. */
typedef struct
{
  gchar *name;
  gchar *kind;     /* nullable */
  gchar *fallback; /* nullable: a value is required */
  gchar *option;   /* nullable: not an option */
  gchar *help;     /* of the option */
  gchar *element;  /* nullable: the factory of its element */
  gchar *property; /* nullable: part of something else, such as caps */
} LaunchfileSetting;

void launchfile_setting_free (LaunchfileSetting *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LaunchfileSetting, launchfile_setting_free)

/* Returns: (transfer full) (nullable): the value in the property's syntax. NULL
 * without an error: there is no value. */
typedef gchar *(*LaunchfileLookup) (const LaunchfileSetting *setting,
    gpointer user_data, GError **error);

/* Returns: (transfer full) (nullable) (element-type LaunchfileSetting): all
 * placeholders, each name once, or NULL with a %LAUNCHFILE_ERROR. */
GPtrArray *launchfile_settings (const gchar *text, GError **error);

/* Returns: (transfer full): the comment at the beginning of the file, for
 * help. */
gchar *launchfile_summary (const gchar *text);

/* Returns: (transfer full) (nullable): a description for gst_parse_launch(), or
 * NULL with a %LAUNCHFILE_ERROR that names the line, or with the lookup's
 * error. */
gchar *launchfile_expand (const gchar *text, LaunchfileLookup lookup,
    gpointer user_data, GError **error);

G_END_DECLS
