/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file of keys is parsed, or rejected with a reason. */

#include "gst/access/jwtkeys.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const gchar *why = NULL;
  AccessJwtKeys *keys = access_jwtkeys_parse ((const gchar *) data, size, &why);

  if (keys == NULL) {
    g_assert (why != NULL);
    return 0;
  }
  g_assert (access_jwtkeys_count (keys) > 0);
  g_assert (access_jwtkeys_count (keys) <= ACCESS_JWTKEYS_MAX);
  access_jwtkeys_free (keys);
  return 0;
}
