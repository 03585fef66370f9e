/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever a query contains, it proves no password, and what is made of it can
 * be sent to the peer. */

#include "gst/access/query.h"
#include "gst/rtmp/login.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const guint8 secret[RTMP_LOGIN_SECRET_BYTES] = "of the server";

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *query = g_strndup ((const gchar *) data, size);
  g_autofree gchar *token = access_query_secret (query);
  g_autofree gchar *description = NULL;
  g_auto (RtmpLogin) login = { 0 };

  g_assert (token == NULL || strlen (token) <= size);
  switch (rtmp_login_read (&login, query)) {
    case RTMP_LOGIN_NONE:
      return 0;
    case RTMP_LOGIN_BEGUN:
      description = rtmp_login_challenge (&login, secret, size, 0);
      g_assert (strlen (description) < 1024);
      g_assert (strstr (description, login.user) != NULL);
      return 0;
    case RTMP_LOGIN_ANSWERED:
      g_assert (!rtmp_login_is_fresh (&login, secret, -G_USEC_PER_SEC));
      g_assert (!rtmp_login_proves (&login, secret, "geheim"));
      return 0;
  }
  return 0;
}
