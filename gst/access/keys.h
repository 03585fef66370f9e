/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The secrets that allow watching, publishing or administering: a text with
 * a line `APP/KEY SECRET` for each secret. Several lines may name one stream;
 * `*` stands for every stream. SECRET is `sha256:HEX`, or the secret itself;
 * `USER:PASSWORD` is a login. A line that begins with `#` is a comment. Pure.
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The maximum size of a text: more than any list that is written by hand. */
#define ACCESS_KEYS_MAX_BYTES (1024 * 1024)

/* Takes the same time wherever the first difference is, so that the time does
 * not reveal how much of a guess was right. */
gboolean access_secret_equal (const gchar *one, const gchar *other, gsize size);

typedef enum
{
  ACCESS_KEYS_BY_STREAM, /* lines are `APP/KEY SECRET` */
  ACCESS_KEYS_ALONE,     /* lines are `SECRET`, for every stream */
} AccessKeysFormat;

typedef struct _AccessKeys AccessKeys;

/* Returns: (nullable): NULL if a line is invalid; @bad_line is then its number,
 * from 1, or 0 if the text is too long. */
AccessKeys *access_keys_parse (const gchar *text, gsize size,
    AccessKeysFormat format, guint *bad_line);
void access_keys_free (AccessKeys *self);

/* Returns whether a line allows access to @stream with @secret. */
gboolean access_keys_allow (const AccessKeys *self, const gchar *stream,
    const gchar *secret);

/* The same for a secret that is examined once and looked up several times. */
#define ACCESS_KEYS_DIGEST_BYTES 32
void access_keys_digest (const gchar *secret, guint8 *digest);
/* @stream: (nullable): NULL for any. */
gboolean access_keys_have_digest (const AccessKeys *self, const gchar *stream,
    const guint8 *digest);

/* Returns whether some stream of @app has a login that is not hashed. */
gboolean access_keys_have_login (const AccessKeys *self, const gchar *app);
/* Finds @user's passwords one by one: @index starts at 0. They are those of
 * @stream or, if that is NULL, of any stream of @app.
 *
 * Returns: (nullable): the next one. */
const gchar *access_keys_next_password (const AccessKeys *self, guint *index,
    const gchar *app, const gchar *stream, const gchar *user);

G_END_DECLS
