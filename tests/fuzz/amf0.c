/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever the bytes, the AMF0 reader stays within them and finds no member
 * that does not exist. */

#include "gst/rtmp/amf0.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_value (const RtmpAmf0Value *value, const guint8 *data, gsize size)
{
  const gchar *begin = (const gchar *) data;

  if (value->text == NULL) {
    g_assert (value->size == 0);
    return;
  }
  g_assert (value->text >= begin && value->size <= size);
  g_assert (value->text + value->size <= begin + size);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  RtmpAmf0Reader reader;
  RtmpAmf0Value value, member;
  gsize n_left = size;

  rtmp_amf0_reader_init (&reader, data, size);
  while (rtmp_amf0_read (&reader, &value)) {
    g_assert (reader.size < n_left);
    n_left = reader.size;
    check_value (&value, data, size);
    if (rtmp_amf0_get (&value, "app", &member)) {
      g_assert (value.type == RTMP_AMF0_OBJECT);
      check_value (&member, (const guint8 *) value.text, value.size);
    }
  }
  g_assert (reader.size == 0);
  g_assert (reader.n_values <= RTMP_AMF0_MAX_VALUES);
  return 0;
}
