/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever app, URL and key contain, the name can be displayed, and stays the
 * same path however often it is decoded. The input is three lines. */

#include "gst/rtmp/streamname.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_path (const gchar *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  g_assert (g_utf8_validate (path, -1, NULL));
  g_assert (strpbrk (path, "?\\") == NULL);
  for (const gchar *c = path; *c != '\0'; c++)
    g_assert ((guint8) *c >= ' ' && *c != 0x7f);
  for (guint i = 0; parts[i] != NULL; i++) {
    const gchar *sign = strchr (parts[i], '=');

    g_assert (strspn (parts[i], ".") < strlen (parts[i]));
    g_assert (sign == NULL || sign[strspn (sign, "=")] == '\0');
  }
}

static void
check_name (const gchar *name)
{
  g_autofree gchar *path = g_strdup (name);
  gsize n_slashes = 0;

  g_assert (strlen (name) <= RTMP_STREAM_NAME_MAX_BYTES);
  g_assert (strchr (name, '/') != NULL);
  for (const gchar *c = name; *c != '\0'; c++)
    n_slashes += *c == '/';
  /* As often as any proxy may decode it. */
  for (guint depth = 0; depth < 4 && path != NULL; depth++) {
    gchar *decoded = g_uri_unescape_string (path, NULL);
    gsize n = 0;

    check_path (path);
    for (const gchar *c = path; *c != '\0'; c++)
      n += *c == '/';
    g_assert (n == n_slashes);
    g_free (path);
    path = decoded;
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  g_auto (RtmpStreamName) stream = { 0 };

  if (!g_utf8_validate (text, -1, NULL) || g_strv_length (lines) < 3)
    return 0;
  rtmp_streamname_parse (&stream, lines[0], *lines[1] == '\0' ? NULL : lines[1],
      lines[2]);
  g_assert (stream.query != NULL);
  g_assert ((stream.name == NULL) == (stream.why != NULL));
  if (stream.name != NULL)
    check_name (stream.name);
  return 0;
}
