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
 * A placeholder is the value of a property, or a part of it. Whatever the value
 * holds, it stays a value: blanks, quotes or a "!" make no syntax. Behind an
 * "@" stands what kind of value it is (see gstsetting.h), if the property
 * doesn't tell. A comment right above that begins with "--NAME:" makes it an
 * option of the program, with the rest of the comment as its help. Pure. */

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

/* A placeholder and what is known of it. */
typedef struct
{
  gchar *name;
  gchar *kind;     /* nullable */
  gchar *fallback; /* nullable: there must be a value */
  gchar *option;   /* nullable: it is none */
  gchar *help;     /* of the option */
  gchar *element;  /* nullable: the factory of the element that it is for */
  gchar *property; /* nullable: it is a part of something else, of caps */
} LaunchfileSetting;

void launchfile_setting_free (LaunchfileSetting *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LaunchfileSetting, launchfile_setting_free)

/* Returns: (transfer full) (nullable): the value, as the property takes it.
 * NULL without an error: there is none. */
typedef gchar *(*LaunchfileLookup) (const LaunchfileSetting *setting,
    gpointer user_data, GError **error);

/* Returns: (transfer full) (nullable) (element-type LaunchfileSetting): all of
 * them, each name once, or NULL with a %LAUNCHFILE_ERROR. */
GPtrArray *launchfile_settings (const gchar *text, GError **error);

/* Returns: (transfer full): the sentences at the head of the file, for help. */
gchar *launchfile_summary (const gchar *text);

/* Returns: (transfer full) (nullable): what gst_parse_launch() takes, or NULL
 * with a %LAUNCHFILE_ERROR that names the line, or with the lookup's error. */
gchar *launchfile_expand (const gchar *text, LaunchfileLookup lookup,
    gpointer user_data, GError **error);

G_END_DECLS
