/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entity tags: see etag.h. */

#include "ext/whep/http/etag.h"

#include <string.h>

#define SEPARATORS " \t,"
#define WEAK "W/"

static gboolean
is_word (const gchar *text, gsize size, const gchar *word)
{
  return size == strlen (word) && memcmp (text, word, size) == 0;
}

/* Tags that contain a comma or a blank are split, but none of the pieces can
 * equal ours, which has no quotes inside. */
static WhepEtagVerdict
read_list (const gchar *list, const gchar *tag, gboolean is_weak)
{
  g_autofree gchar *quoted = whep_etag_write (tag);

  if (list == NULL)
    return WHEP_ETAG_MISSING;
  /* Each iteration consumes a tag. */
  while (*(list += strspn (list, SEPARATORS)) != '\0') {
    gsize size = strcspn (list, SEPARATORS);
    gsize skipped =
        is_weak && g_str_has_prefix (list, WEAK) ? strlen (WEAK) : 0;

    if (is_word (list + skipped, size - skipped, quoted) ||
        is_word (list, size, "*") || is_word (list, size, "\"*\""))
      return WHEP_ETAG_MATCHES;
    list += size;
  }
  return WHEP_ETAG_DIFFERS;
}

WhepEtagVerdict
whep_etag_read (const gchar *if_match, const gchar *tag)
{
  return read_list (if_match, tag, FALSE);
}

gboolean
whep_etag_is_known (const gchar *if_none_match, const gchar *tag)
{
  return read_list (if_none_match, tag, TRUE) == WHEP_ETAG_MATCHES;
}

gchar *
whep_etag_write (const gchar *tag)
{
  return g_strdup_printf ("\"%s\"", tag);
}
