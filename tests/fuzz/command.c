/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No command yields text that is unsafe to display, and replies can be
 * parsed. */

#include "gst/rtmp/command.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_text (const gchar *text)
{
  if (text == NULL)
    return;
  g_assert (g_utf8_validate (text, -1, NULL));
  for (const gchar *c = text; *c != '\0'; c++)
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
  check_text (key);
  check_text (app);
  check_reply (&command);
  return 0;
}
