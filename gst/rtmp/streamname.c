/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The name of a publisher's stream: see streamname.h. */

#include "gst/rtmp/streamname.h"

#include <string.h>

static const gchar why_no_key[] =
    "a stream's name is APP/KEY, and one of the two is missing";
static const gchar why_too_long[] = "the stream's name is too long";
static const gchar why_empty[] =
    "a part of the stream's name is empty or consists of dots";
static const gchar why_characters[] =
    "the stream's name contains characters that are not allowed";
static const gchar why_parameter[] =
    "the stream's name contains a parameter: a query begins with '?'";
static const gchar why_ambiguous[] =
    "it is ambiguous where the query ends: put it after the key, and write "
    "each '/' in it as %2F";

/* Returns: (nullable): what follows the first '?' of @text. */
static const gchar *
find_query (const gchar *text)
{
  const gchar *mark = strchr (text, '?');

  return mark != NULL ? mark + 1 : NULL;
}

gchar *
rtmp_streamname_dup_path (const gchar *text)
{
  gsize size = strcspn (text, "?");

  while (size > 0 && text[size - 1] == '/')
    size--;
  while (size > 0 && *text == '/') {
    text++;
    size--;
  }
  return g_strndup (text, size);
}

const gchar *
rtmp_streamname_query (const gchar *app, const gchar *url)
{
  const gchar *query = find_query (app);

  if ((query == NULL || *query == '\0') && url != NULL)
    query = find_query (url);
  return query != NULL ? query : "";
}

/* Returns: (transfer full) (nullable): @text with percent-encoding decoded;
 * NULL if that yields a zero byte. Invalid encodings are left as they are. */
static gchar *
decode (const gchar *text)
{
  g_autoptr (GString) decoded = g_string_new (NULL);

  while (*text != '\0') {
    gboolean is_code = *text == '%' && g_ascii_isxdigit (text[1]) &&
        g_ascii_isxdigit (text[2]);
    gint byte = *text;

    if (is_code)
      byte =
          g_ascii_xdigit_value (text[1]) << 4 | g_ascii_xdigit_value (text[2]);
    if (byte == 0)
      return NULL;
    g_string_append_c (decoded, byte);
    text += is_code ? 3 : 1;
  }
  return g_strdup (decoded->str);
}

static gboolean
is_of_dots (const gchar *segment)
{
  return segment[strspn (segment, ".")] == '\0';
}

static gboolean
has_blank_end (const gchar *segment)
{
  return *segment == ' ' || g_str_has_suffix (segment, " ");
}

static gboolean
has_odd_character (const gchar *segment)
{
  if (!g_utf8_validate (segment, -1, NULL))
    return TRUE;
  for (const gchar *c = segment; *c != '\0'; c = g_utf8_next_char (c)) {
    gunichar letter = g_utf8_get_char (c);

    if (!g_unichar_isprint (letter) || strchr ("/\\?", *c) != NULL)
      return TRUE;
    if (letter != ' ' && g_unichar_isspace (letter))
      return TRUE;
  }
  return FALSE;
}

/* Base64 sometimes ends with '=', which is not a parameter. */
static gboolean
has_parameter (const gchar *segment)
{
  const gchar *sign = strchr (segment, '=');

  return sign != NULL && sign[strspn (sign, "=")] != '\0';
}

static const gchar *
check_decoded (const gchar *segment)
{
  if (is_of_dots (segment))
    return why_empty;
  if (has_odd_character (segment) || has_blank_end (segment))
    return why_characters;
  return has_parameter (segment) ? why_parameter : NULL;
}

/* The segment must remain a single one, however often it is decoded. */
static const gchar *
check_segment (const gchar *segment)
{
  g_autofree gchar *text = g_strdup (segment);

  /* Terminates: each iteration makes it shorter. */
  for (;;) {
    const gchar *why = check_decoded (text);
    gchar *decoded = why == NULL ? decode (text) : NULL;

    if (why != NULL)
      return why;
    if (decoded == NULL)
      return why_characters;
    if (strlen (decoded) == strlen (text)) {
      g_free (decoded);
      return NULL;
    }
    g_free (text);
    text = decoded;
  }
}

/* Returns: (nullable): why the name is invalid. */
static const gchar *
check_name (const gchar *name)
{
  g_auto (GStrv) segments = NULL;

  if (strlen (name) > RTMP_STREAM_NAME_MAX_BYTES)
    return why_too_long;
  /* Without a key, the encoder has split rtmp://host/app/key in another place.
   */
  if (strchr (name, '/') == NULL)
    return why_no_key;
  segments = g_strsplit (name, "/", -1);
  for (guint i = 0; segments[i] != NULL; i++) {
    const gchar *why = check_segment (segments[i]);

    if (why != NULL)
      return why;
  }
  return NULL;
}

static gchar *
join (const gchar *one, const gchar *glue, const gchar *other)
{
  if (*one == '\0' || *other == '\0')
    return g_strconcat (one, other, NULL);
  return g_strconcat (one, glue, other, NULL);
}

/* Returns whether the URL is complete, so that its query follows the key. */
static gboolean
is_after_key (const gchar *url, const gchar *app, const gchar *key)
{
  g_autofree gchar *end = g_strconcat ("/", app, "/", key, NULL);
  g_autofree gchar *path = NULL;

  if (url == NULL)
    return FALSE;
  path = rtmp_streamname_dup_path (url);
  return g_str_has_suffix (path, end);
}

static void
continue_query (RtmpStreamName *self, const gchar *app, const gchar *query,
    const gchar *key)
{
  g_autofree gchar *rest = g_strconcat ("/", key, NULL);

  self->name = g_strdup (app);
  if (g_str_has_suffix (query, rest))
    self->query = g_strdup (query);
  else
    self->query = join (query, g_str_has_suffix (query, "&") ? "" : "/", key);
}

/* The key is the rest of a URL whose query has a slash in it: ffmpeg, librtmp
 * and others end the app at the second or third slash, wherever that is. */
static gboolean
is_query (const gchar *key)
{
  return strpbrk (key, "=&") != NULL;
}

void
rtmp_streamname_parse (RtmpStreamName *self, const gchar *app, const gchar *url,
    const gchar *key)
{
  g_autofree gchar *app_path = rtmp_streamname_dup_path (app);
  g_autofree gchar *key_path = rtmp_streamname_dup_path (key);
  const gchar *key_query = find_query (key);
  const gchar *query = rtmp_streamname_query (app, url);
  gboolean is_cut = find_query (app) != NULL || *query != '\0';

  *self = (RtmpStreamName){ 0 };
  if (*key_path == '\0' || is_after_key (url, app_path, key_path))
    is_cut = FALSE;
  if (is_cut && is_query (key_path)) {
    continue_query (self, app_path, query, key);
  } else {
    self->name = join (app_path, "/", key_path);
    self->query = join (key_query != NULL ? key_query : "", "&", query);
    /* APP/STUDIO?QUERY with a KEY, or APP/KEY?QUERY with a slash in it? */
    if (is_cut && *query != '\0' && strchr (app_path, '/') != NULL)
      self->why = why_ambiguous;
  }
  if (self->why == NULL)
    self->why = check_name (self->name);
  if (self->why != NULL)
    g_clear_pointer (&self->name, g_free);
}

void
rtmp_streamname_clear (RtmpStreamName *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->query, g_free);
}
