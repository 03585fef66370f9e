/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever X-Forwarded-For contains, a request counts for exactly one client,
 * and a peer on another machine cannot choose which. */

#include "ext/whep/http/clientaddress.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *text = g_strndup ((const gchar *) data, size);
  gchar *newline = strchr (text, '\n');
  const gchar *forwarded = newline == NULL ? text : newline + 1;
  gchar client[NET_CLIENT_MAX + 1], again[NET_CLIENT_MAX + 1];

  if (newline != NULL)
    *newline = '\0';
  whep_client_from_request (newline == NULL ? "127.0.0.1" : text, forwarded,
      client);
  g_assert (memchr (client, '\0', sizeof (client)) != NULL);
  whep_client_from_request ("127.0.0.1", forwarded, client);
  g_assert (*client != '\0');
  whep_client_from_request ("192.0.2.1", forwarded, again);
  g_assert (strcmp (again, "192.0.2.1") == 0);
  return 0;
}
