/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call of a program: which one it is, what it may be told, and what it was.
 * Pure. */

#pragma once

#include "pipelines/launchfile.h"

G_BEGIN_DECLS

/* An end that takes longer is cut short: somebody doesn't take the rest. */
#define INVOCATION_END_LIMIT "5s"

typedef enum
{
  PROGRAM_CONTROLLER = 1 << 0,
  PROGRAM_GATEWAY = 1 << 1,
  PROGRAM_STREAMER = 1 << 2,
} Program;

/* The streamer's .launch files; the others have one. */
enum
{
  INVOCATION_TEST,
  INVOCATION_FILE,
  INVOCATION_COPY,
  INVOCATION_MAX_FILES,
};

/* What was said of a placeholder, and how: "--port" or "HTTP_PORT". */
typedef struct
{
  gchar *value;
  gchar *said_as;
} InvocationValue;

/* What an option without a value says. */
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
  gchar *end_limit;   /* nullable: the usual one */
  gchar *seconds;     /* of the streamer; nullable */
  gchar *file, *url;  /* of the streamer; nullable */
} Invocation;

void invocation_init (Invocation *self, Program program);
void invocation_clear (Invocation *self);

/* The name that the program goes by. */
const gchar *invocation_program_name (Program program);
/* Returns FALSE if no program has that name. */
gboolean invocation_program_named (const gchar *name, Program *program);

/* Takes the text of one more of its files. */
gboolean invocation_add_file (Invocation *self, gchar *text, GError **error);

/* Returns: (nullable) (transfer none): the placeholder of the file. */
const LaunchfileSetting *invocation_find (const Invocation *self, guint file,
    const gchar *name);

/* Returns: (transfer none): of all programs, ends with one without a name. */
const InvocationFlag *invocation_all_flags (void);

/* Returns: (transfer container): the names of its options, NULL-terminated. */
GPtrArray *invocation_option_names (const Invocation *self);

/* The last one counts. */
void invocation_set (Invocation *self, const gchar *name, const gchar *value,
    const gchar *said_as);
/* By the name of an option that there is. */
void invocation_set_option (Invocation *self, const gchar *option,
    const gchar *value);

/* Returns FALSE if one is given a value, which GOption lets pass. */
gboolean invocation_check_flags (gchar **arguments, GError **error);

/* What is left once the options that there are have been taken: an assignment,
 * a file, an address; or an option that there isn't. */
gboolean invocation_take_rest (Invocation *self, gchar **arguments,
    GError **error);

/* Returns FALSE if something was said that has no meaning in that file. */
gboolean invocation_check_meaning (const Invocation *self, guint file,
    GError **error);

/* Returns: (transfer full): what --help and --version say. */
gchar *invocation_help (const Invocation *self);
gchar *invocation_version (const Invocation *self);

G_END_DECLS
