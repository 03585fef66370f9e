/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The size of the datagrams that viewers are sent, which follows from the mtu
 * of the payloaders. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* In bytes of UDP payload. Datagrams of the default size pass every network
 * that WebRTC is used on; those of the largest pass Ethernet, whatever precedes
 * them. */
#define GST_DATAGRAM_SIZE_DEFAULT 1200
#define GST_DATAGRAM_SIZE_MIN 640
#define GST_DATAGRAM_SIZE_MAX 1400

/* What whepsink adds to a payloader's packet: up to 20 bytes of header
 * extensions, 16 of SRTP's tag, and 2 if it is sent again (RFC 4588). */
#define GST_DATAGRAM_SIZE_OVERHEAD 38
/* The default mtu, for descriptions of pipelines. */
#define GST_DATAGRAM_SIZE_MTU 1162

/* The property "mtu" of a payloader. */
GParamSpec *gst_datagram_size_mtu_param_spec (void);

/* Limits what all payloaders in @chain make. */
void gst_datagram_size_set (GstBin *chain, guint bytes);
/* Returns: the limit of a payloader in @chain; 0 if there is none. */
guint gst_datagram_size_get (GstBin *chain);

G_END_DECLS
