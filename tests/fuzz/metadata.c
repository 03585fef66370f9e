/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever the metadata contains, the encoder's name is one line of displayable
 * text. The first byte is the message's type. */

#include "gst/rtmp/metadata.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree gchar *encoder = NULL;
  RtmpMessage message;

  if (size < 1 || !rtmp_message_init (&message, data[0], size - 1))
    return 0;
  memcpy (rtmp_message_payload (&message), data + 1, size - 1);
  encoder = rtmp_metadata_dup_encoder (&message);
  rtmp_message_clear (&message);
  if (encoder == NULL)
    return 0;
  g_assert (*encoder != '\0');
  g_assert (strlen (encoder) <= RTMP_METADATA_MAX_ENCODER_BYTES);
  g_assert (g_utf8_validate (encoder, -1, NULL));
  for (const gchar *c = encoder; *c != '\0'; c++)
    g_assert ((guint8) *c >= ' ' && *c != 0x7f);
  return 0;
}
