/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No command makes a name that can't be shown, and replies can be read. */

#include "gst/rtmp/command.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_name (const gchar *app, const gchar *key)
{
  g_autofree gchar *name = rtmp_command_stream_name (app, key);

  if (name == NULL)
    return;
  g_assert (strlen (name) <= RTMP_STREAM_NAME_MAX_BYTES);
  g_assert (g_utf8_validate (name, -1, NULL));
  g_assert (strchr (name, '/') != NULL && strchr (name, '?') == NULL);
  g_assert (name[0] != '/' && name[strlen (name) - 1] != '/');
  for (const gchar *c = name; *c != '\0'; c++)
    g_assert ((guint8) *c >= ' ' && *c != 0x7f);
}

static void
check_reply (const RtmpCommand *command)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  RtmpCommand reply;

  rtmp_command_write_connected (bytes, command);
  g_assert (rtmp_command_parse (&reply, bytes->data, bytes->len));
  g_assert (reply.kind == RTMP_COMMAND_UNKNOWN);
  g_assert (memcmp (&reply.transaction, &command->transaction,
                sizeof reply.transaction) == 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *app = NULL;
  g_autofree gchar *key = NULL;
  RtmpAmf0Value value = { .type = RTMP_AMF0_NULL };
  RtmpCommand command;

  if (!rtmp_command_parse (&command, data, size))
    return 0;
  key = rtmp_command_dup_text (&command.argument);
  rtmp_amf0_get (&command.object, "app", &value);
  app = rtmp_command_dup_text (&value);
  if (key != NULL)
    check_name ("live", key);
  if (app != NULL && key != NULL)
    check_name (app, key);
  if (app != NULL)
    check_name (app, "cam");
  check_reply (&command);
  return 0;
}
