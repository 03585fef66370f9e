/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AV1 sequence headers: see av1.h. */

#include "gst/flv/av1.h"
#include "gst/bitstream/leb128.h"

/* AV1, section 5.3.2. */
#define OBU_FORBIDDEN_BIT 0x80
#define OBU_TYPE(byte) ((byte) >> 3 & 0x0f)
#define OBU_HAS_EXTENSION 0x04
#define OBU_HAS_SIZE 0x02
#define OBU_SEQUENCE_HEADER 1
/* Only a delimiter should precede it, but encoders put metadata there, too. */
#define OBUS_LIMIT 16

gboolean
flv_av1_has_sequence_header (const guint8 *data, gsize size)
{
  gsize at = 0;

  for (guint i = 0; i < OBUS_LIMIT && at < size; i++) {
    guint8 header = data[at++];
    guint64 n_bytes;

    if ((header & OBU_FORBIDDEN_BIT) != 0)
      return FALSE;
    if ((header & OBU_HAS_EXTENSION) != 0)
      at++;
    if ((header & OBU_HAS_SIZE) == 0)
      return OBU_TYPE (header) == OBU_SEQUENCE_HEADER && at < size;
    if (!leb128_read (data, size, &at, &n_bytes) || n_bytes > size - at)
      return FALSE;
    if (OBU_TYPE (header) == OBU_SEQUENCE_HEADER)
      return n_bytes > 0;
    at += n_bytes;
  }
  return FALSE;
}
