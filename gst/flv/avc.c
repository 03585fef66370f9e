/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* H.264 access units in FLV: see avc.h. */

#include "gst/flv/avc.h"

/* ITU-T H.264, table 7-1 and section D.1. */
#define NAL_TYPE_MASK 0x1f
#define NAL_SEI 6
#define NAL_AUD 9
#define NAL_FILLER 12
#define SEI_RECOVERY_POINT 6

/* AVCDecoderConfigurationRecord: version, profile, constraints and level come
 * before the length size; each parameter set has a length of two bytes. */
#define CONFIG_VERSION 1
#define CONFIG_SPS_OFFSET 5
#define N_SPS_MASK 0x1f

/* Skips @n_sets parameter sets. */
static gboolean
skip_sets (const guint8 *data, gsize size, gsize *position, guint n_sets)
{
  for (guint i = 0; i < n_sets; i++) {
    gsize n_bytes;

    if (size - *position < 2)
      return FALSE;
    n_bytes = data[*position] << 8 | data[*position + 1];
    *position += 2;
    if (n_bytes == 0 || size - *position < n_bytes)
      return FALSE;
    *position += n_bytes;
  }
  return n_sets > 0;
}

guint
flv_avc_parse_config (const guint8 *data, gsize size)
{
  gsize position = CONFIG_SPS_OFFSET + 1;

  if (size <= CONFIG_SPS_OFFSET || data[0] != CONFIG_VERSION)
    return 0;
  if (!skip_sets (data, size, &position, data[CONFIG_SPS_OFFSET] & N_SPS_MASK))
    return 0;
  if (position == size)
    return 0;
  position++;
  if (!skip_sets (data, size, &position, data[position - 1]))
    return 0;
  return (data[4] & 0x03) + 1;
}

/* Sections 7.3.2.3.1 and D.1: numbers are a run of 255s and a last byte.
 * Emulation prevention may make a size too small by a few bytes, never too
 * large, and a recovery point is the first message in practice. */
static gboolean
has_recovery_point (const guint8 *nal, gsize size)
{
  gsize position = 1;

  while (position < size && nal[position] != 0x80) {
    gsize numbers[2] = { 0, 0 };

    for (guint i = 0; i < 2; i++) {
      while (position < size && nal[position] == 0xff)
        numbers[i] += nal[position++];
      if (position == size)
        return FALSE;
      numbers[i] += nal[position++];
    }
    if (numbers[0] == SEI_RECOVERY_POINT)
      return TRUE;
    if (size - position < numbers[1])
      return FALSE;
    position += numbers[1];
  }
  return FALSE;
}

static gboolean
is_worth_sending (const guint8 *nal, gsize size)
{
  guint type;

  if (size == 0)
    return FALSE;
  type = nal[0] & NAL_TYPE_MASK;
  if (type == NAL_SEI)
    return has_recovery_point (nal, size);
  return type != NAL_AUD && type != NAL_FILLER;
}

static gboolean
keep (FlvAvcFrame *self, gsize offset, gsize size)
{
  FlvAvcRun *last = self->n_runs > 0 ? &self->runs[self->n_runs - 1] : NULL;

  if (last != NULL && last->offset + last->size == offset) {
    last->size += size;
    return TRUE;
  }
  if (self->n_runs == FLV_AVC_MAX_RUNS)
    return FALSE;
  self->runs[self->n_runs++] = (FlvAvcRun){ offset, size };
  return TRUE;
}

static gsize
read_length (const guint8 *data, guint n_bytes)
{
  gsize length = 0;

  for (guint i = 0; i < n_bytes; i++)
    length = length << 8 | data[i];
  return length;
}

gboolean
flv_avc_look (FlvAvcFrame *self, guint n_length_bytes, const guint8 *data,
    gsize size)
{
  gsize position = 0;

  self->n_runs = 0;
  while (position < size) {
    gsize n_left = size - position;
    gsize nal_size;

    if (n_left < n_length_bytes)
      return FALSE;
    nal_size = read_length (data + position, n_length_bytes);
    if (nal_size > n_left - n_length_bytes)
      return FALSE;
    if (is_worth_sending (data + position + n_length_bytes, nal_size) &&
        !keep (self, position, n_length_bytes + nal_size))
      return FALSE;
    position += n_length_bytes + nal_size;
  }
  return TRUE;
}
