/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever the metadata or the command contains, the encoder's name is one line
 * of displayable text. The first byte is the message's type. */

#include "gst/rtmp/metadata.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_name (const gchar *name)
{
  if (name == NULL)
    return;
  g_assert (*name != '\0');
  g_assert (strlen (name) <= RTMP_METADATA_MAX_ENCODER_BYTES);
  g_assert (g_utf8_validate (name, -1, NULL));
  for (const gchar *c = name; *c != '\0'; c++)
    g_assert ((guint8) *c >= ' ' && *c != 0x7f);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *encoder = NULL;
  g_autofree gchar *flash_version = NULL;
  RtmpMessage message;
  RtmpCommand command;

  if (size < 1 || !rtmp_message_init (&message, data[0], size - 1))
    return 0;
  memcpy (rtmp_message_payload (&message), data + 1, size - 1);
  encoder = rtmp_metadata_dup_encoder (&message);
  rtmp_message_clear (&message);
  check_name (encoder);
  if (rtmp_command_parse (&command, data + 1, size - 1))
    flash_version = rtmp_metadata_dup_flash_version (&command);
  check_name (flash_version);
  return 0;
}
