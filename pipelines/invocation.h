/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One invocation of a program: which program it is, the options that it has,
 * and the arguments that it was given. Pure. */

#pragma once

#include "pipelines/launchfile.h"

G_BEGIN_DECLS

/* An end that takes longer is cut short, because a receiver does not take the
 * rest. */
#define INVOCATION_END_LIMIT "5s"
/* The variable for --log, which belongs to no .launch file. */
#define INVOCATION_LOG_VARIABLE "RTMP_WEBRTC_LOG"

typedef enum
{
  PROGRAM_CONTROLLER = 1 << 0,
  PROGRAM_GATEWAY = 1 << 1,
  PROGRAM_STREAMER = 1 << 2,
} Program;

/* The streamer's .launch files; the other programs have one each. */
enum
{
  INVOCATION_TEST,
  INVOCATION_FILE,
  INVOCATION_COPY,
  INVOCATION_MAX_FILES,
};

/* The value given for a placeholder, and what it was given as: "--port" or
 * "HTTP_PORT". */
typedef struct
{
  gchar *value;
  gchar *said_as;
} InvocationValue;

/* The options without a value. */
typedef struct
{
  gboolean copies;
  gboolean loops;
  gboolean reconnects;
  gboolean does_not_reconnect;
  gboolean starts_paused;
  gboolean has_test_picture;
  gboolean is_json;
  gboolean is_quiet;
  gboolean is_verbose;
  gboolean wants_version;
  gboolean wants_help;
} InvocationFlags;

typedef struct
{
  const gchar *name;
  guint programs;
  gsize offset; /* in InvocationFlags */
  const gchar *help;
} InvocationFlag;

typedef struct
{
  Program program;
  guint n_files;
  gchar *texts[INVOCATION_MAX_FILES];
  GPtrArray *settings[INVOCATION_MAX_FILES]; /* LaunchfileSetting */

  InvocationFlags flags;
  GHashTable *values; /* name of a placeholder → InvocationValue */
  gchar *log;         /* this and the next are nullable: the default */
  gchar *end_limit;
  gchar *seconds;    /* of the streamer; nullable */
  gchar *file, *url; /* of the streamer; nullable */
} Invocation;

void invocation_init (Invocation *self, Program program);
void invocation_clear (Invocation *self);

/* The name of the program. */
const gchar *invocation_program_name (Program program);
/* Returns FALSE if no program has that name. */
gboolean invocation_program_named (const gchar *name, Program *program);

/* Adds another file; takes its text. */
gboolean invocation_add_file (Invocation *self, gchar *text, GError **error);

/* Returns: (nullable) (transfer none): the file's placeholder of that name. */
const LaunchfileSetting *invocation_find (const Invocation *self, guint file,
    const gchar *name);

/* Returns: (transfer none): the flags of all programs, terminated by one
 * without a name. */
const InvocationFlag *invocation_all_flags (void);

/* Returns: (transfer container): the names of its options, NULL-terminated. */
GPtrArray *invocation_option_names (const Invocation *self);

/* A later value overrides an earlier one. */
void invocation_set (Invocation *self, const gchar *name, const gchar *value,
    const gchar *said_as);
/* Likewise, by the name of an existing option. */
void invocation_set_option (Invocation *self, const gchar *option,
    const gchar *value);

/* Returns FALSE if a flag is given a value, which GOption would accept. */
gboolean invocation_check_flags (gchar **arguments, GError **error);

/* Handles what is left after the known options: an assignment, a file, a URL;
 * or an unknown option. */
gboolean invocation_take_rest (Invocation *self, gchar **arguments,
    GError **error);

/* Returns FALSE if a given value has no meaning in that file. */
gboolean invocation_check_meaning (const Invocation *self, guint file,
    GError **error);

/* Returns: (transfer full): the output of --help and --version. */
gchar *invocation_help (const Invocation *self);
gchar *invocation_version (const Invocation *self);

G_END_DECLS
