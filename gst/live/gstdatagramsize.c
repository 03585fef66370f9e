/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The size of datagrams: see gstdatagramsize.h. */

#include "gst/live/gstdatagramsize.h"

G_STATIC_ASSERT (GST_DATAGRAM_SIZE_MTU + GST_DATAGRAM_SIZE_OVERHEAD ==
    GST_DATAGRAM_SIZE_DEFAULT);

GParamSpec *
gst_datagram_size_mtu_param_spec (void)
{
  return g_param_spec_uint ("mtu", "MTU", "Maximum size of one RTP packet",
      GST_DATAGRAM_SIZE_MIN - GST_DATAGRAM_SIZE_OVERHEAD,
      GST_DATAGRAM_SIZE_MAX - GST_DATAGRAM_SIZE_OVERHEAD, GST_DATAGRAM_SIZE_MTU,
      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
}

static gboolean
has_mtu (gpointer element)
{
  return g_object_class_find_property (G_OBJECT_GET_CLASS (element), "mtu") !=
      NULL;
}

static void
set_mtu (const GValue *element, gpointer bytes)
{
  gpointer object = g_value_get_object (element);

  if (has_mtu (object))
    g_object_set (object, "mtu", *(guint *) bytes - GST_DATAGRAM_SIZE_OVERHEAD,
        NULL);
}

/* The chain is not changed while this is done. */
void
gst_datagram_size_set (GstBin *chain, guint bytes)
{
  g_autoptr (GstIterator) elements = gst_bin_iterate_recurse (chain);

  gst_iterator_foreach (elements, set_mtu, &bytes);
}

static void
get_mtu (const GValue *element, gpointer bytes)
{
  gpointer object = g_value_get_object (element);
  guint mtu;

  if (!has_mtu (object))
    return;
  g_object_get (object, "mtu", &mtu, NULL);
  *(guint *) bytes = mtu + GST_DATAGRAM_SIZE_OVERHEAD;
}

guint
gst_datagram_size_get (GstBin *chain)
{
  g_autoptr (GstIterator) elements = gst_bin_iterate_recurse (chain);
  guint bytes = 0;

  gst_iterator_foreach (elements, get_mtu, &bytes);
  return bytes;
}
