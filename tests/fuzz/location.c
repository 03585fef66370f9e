/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A template, a zero byte, and a name: the path stays where the template puts
 * it. */

#include "gst/record/location.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define TEMPLATE "in/%a/%k"

static void
check_path (const gchar *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  g_assert (g_strv_length (parts) == 3);
  g_assert (g_str_equal (parts[0], "in"));
  for (guint i = 1; i < 3; i++) {
    g_assert (*parts[i] != '\0' && *parts[i] != '.' && *parts[i] != '-');
    g_assert (strlen (parts[i]) <= RECORD_LOCATION_MAX_NAME_BYTES);
    g_assert (g_utf8_validate (parts[i], -1, NULL));
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (0);
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  gsize n = strlen (text);
  g_autofree gchar *stream = n < size
      ? g_strndup ((const gchar *) data + n + 1, size - n - 1)
      : g_strdup (text);
  g_autofree gchar *safe = record_location_expand (TEMPLATE, stream, now);

  check_path (safe);
  if (record_location_check (text) == NULL) {
    g_autofree gchar *path = record_location_expand (text, stream, now);

    g_free (record_location_number (path, 2));
  }
  return 0;
}
