/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The entity tag of a session: see etag.h. */

#include "ext/whep/http/etag.h"

#include <string.h>

#define SEPARATORS " \t,"

static gboolean
is_word (const gchar *text, gsize size, const gchar *word)
{
  return size == strlen (word) && memcmp (text, word, size) == 0;
}

/* A weak tag never matches, because the comparison is strong. Tags that contain
 * a comma or a blank are split, but none of the pieces can equal ours, which
 * has no quotes inside. */
WhepEtagVerdict
whep_etag_read (const gchar *if_match, const gchar *tag)
{
  g_autofree gchar *quoted = whep_etag_write (tag);

  if (if_match == NULL)
    return WHEP_ETAG_MISSING;
  /* Each iteration consumes a tag. */
  while (*(if_match += strspn (if_match, SEPARATORS)) != '\0') {
    gsize size = strcspn (if_match, SEPARATORS);

    if (is_word (if_match, size, quoted) || is_word (if_match, size, "*") ||
        is_word (if_match, size, "\"*\""))
      return WHEP_ETAG_MATCHES;
    if_match += size;
  }
  return WHEP_ETAG_DIFFERS;
}

gchar *
whep_etag_write (const gchar *tag)
{
  return g_strdup_printf ("\"%s\"", tag);
}
