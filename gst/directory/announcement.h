/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What gateways write into Redis: under the name of a stream, who has it; and
 * under the id of a gateway, its load. Words of KEY=VALUE, separated by blanks;
 * readers ignore keys that they do not know. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is announced vanishes so long after its gateway. */
#define DIRECTORY_TTL_MS 10000
/* Longer values are not read. */
#define DIRECTORY_ANNOUNCEMENT_MAX_BYTES 512
/* The digits of a gateway's id, in hexadecimal. */
#define DIRECTORY_ID_DIGITS 16
/* As WHEP_NODE_NAME_MAX. */
#define DIRECTORY_NODE_MAX 32

typedef struct
{
  gchar gateway[DIRECTORY_ID_DIGITS + 1]; /* the id of who has the stream */
  gchar *address; /* where it can be pulled; printable ASCII, and no more is
                   * known of it */
} DirectoryAnnouncement;

/* The set of the ids of those gateways that are nodes. */
#define DIRECTORY_NODES_KEY "rtmp-webrtc:nodes"

/* Each returns: (transfer full). @stream may be any bytes. */
gchar *directory_announcement_stream_key (const gchar *stream);
gchar *directory_announcement_gateway_key (const gchar *gateway);

/* Returns: (transfer full) (nullable): NULL if @address has other characters
 * than printable ASCII, or is too long. */
gchar *directory_announcement_encode (const gchar *gateway,
    const gchar *address);
/* Returns FALSE unless the bytes, which anybody may have written, are those of
 * an announcement. Clear @self in any case. */
gboolean directory_announcement_decode (DirectoryAnnouncement *self,
    const gchar *bytes, gsize size);
void directory_announcement_clear (DirectoryAnnouncement *self);

/* How busy a gateway is. */
typedef struct
{
  guint n_viewers;
  guint n_free; /* for how many more there is room */
  gboolean is_draining;
} DirectoryLoad;

/* @address: (nullable): where its streams can be pulled. @node: (nullable): its
 * name behind a load balancer. Returns: (transfer full). */
gchar *directory_announcement_encode_load (const gchar *gateway,
    const gchar *address, const gchar *node, const DirectoryLoad *load);

/* What another node needs to know of it. */
typedef struct
{
  gchar node[DIRECTORY_NODE_MAX + 1]; /* printable ASCII, and no more is known
                                       * of it */
  guint n_free;
} DirectoryRoom;

/* Returns FALSE unless the bytes, which anybody may have written, are the load
 * of a node. */
gboolean directory_announcement_decode_room (DirectoryRoom *self,
    const gchar *bytes, gsize size);

G_END_DECLS
