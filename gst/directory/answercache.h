/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last answers of the directory, by the stream's name, for the time in
 * which it cannot be asked. Holds a limited number of them; the least recently
 * used one is dropped. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More streams than an edge pulls, and less than a megabyte. */
#define DIRECTORY_ANSWER_CACHE_MAX 1024

typedef struct _DirectoryAnswerCache DirectoryAnswerCache;

DirectoryAnswerCache *directory_answer_cache_new (void);
void directory_answer_cache_free (DirectoryAnswerCache *self);
guint directory_answer_cache_count (const DirectoryAnswerCache *self);

/* @address: (nullable): NULL: nobody has the stream. */
void directory_answer_cache_put (DirectoryAnswerCache *self,
    const gchar *stream, const gchar *address);
/* Returns: (nullable) (transfer none): the address, if one is known. */
const gchar *directory_answer_cache_get (DirectoryAnswerCache *self,
    const gchar *stream);

G_END_DECLS
