/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A rtmpserversrc on loopback with a Stream at each of its pads, and Clients
 * that publish captures to it. For the tests of that element. Each wait ends
 * after PATIENCE_US; where nothing is said of it, that fails the test. */

#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/* The limit of each wait; the machine may be busy. */
#define PATIENCE_US (20 * G_USEC_PER_SEC)
/* The start of each capture, up to its first frames. */
#define OPENING_BYTES 12000

#define FLV_HEADER_BYTES 13
#define TAG_HEADER_BYTES 11
#define TAG_TAIL_BYTES 4

/* The number of messages in a capture, and of the packets that ffprobe counts
 * in them. */
typedef struct
{
  const gchar *file;
  guint n_video;
  guint n_audio;
  guint n_video_packets;
  guint n_audio_packets;
} Capture;

#define N_CAPTURES 5
extern const Capture captures[N_CAPTURES];

/* What one pad pushed. Under the lock of the server while it plays. */
typedef struct
{
  struct _Server *server;
  GstPad *sink;
  gchar *pad_name;
  gchar *name; /* as in the event stream-start */
  GByteArray *flv;
  guint n_buffers;
  gboolean is_header_first;
  gboolean is_eos;
  gboolean is_removed;
  gboolean is_flushing;
} Stream;

/* The element, whose pads are each linked to a Stream. */
typedef struct _Server
{
  GstElement *pipeline;
  GstElement *src;
  guint port;

  GMutex lock; /* all that follows */
  GCond changed;
  GPtrArray *streams;
  const gchar *blocked_name; /* pushes of this stream hang until a flush */
  const gchar *broken_name;  /* pushes of this stream fail */
  gboolean blocks_eos;       /* each EOS hangs until a flush */
} Server;

/* On any port of 127.0.0.1; not started yet. */
Server *server_new (void);
/* Sets the pipeline to PLAYING and reads the port. */
void server_start (Server *self);
Server *server_new_started (void);
/* Sets the pipeline to READY. */
void server_stop (Server *self);
void server_free (Server *self);

/* A claim to wait for; called with the lock held. */
typedef gboolean (*Claim) (Server *self, guint n);

/* Returns once @claim holds; @what names it if it never does. */
void server_wait_until (Server *self, Claim claim, guint n, const gchar *what);
#define WAIT_UNTIL(server, claim, n)                                           \
  server_wait_until (server, claim, n, #claim)

/* Whether @claim holds at the moment, while the server's threads go on. */
gboolean server_holds (Server *self, Claim claim, guint n);

/* At least @n streams have begun. */
gboolean has_streams (Server *self, guint n);
/* The pads of at least @n streams have been removed. */
gboolean has_removed (Server *self, guint n);
/* The property n-publishers is @n. */
gboolean has_publishers (Server *self, guint n);

/* The stream of the pad that was added as the @index-th. */
Stream *stream_at (Server *self, guint index);

/* The tags in an FLV. */
typedef struct
{
  guint n_video;
  guint n_audio;
  guint n_script;
} Tags;

/* Fails the test if there is anything in the stream but a header and whole
 * tags. */
Tags count_tags (const Stream *stream);

/* Returns: (transfer full): the next element message of that name on the bus;
 * others are dropped. */
GstMessage *server_hears (Server *self, const gchar *name);

/* A connection of a publisher that sends what a capture holds. */
typedef struct
{
  GSocketConnection *connection;
  GIOStream *stream; /* the connection, or TLS around it */
  gchar *data;
  gsize size;
  gsize n_sent;
} Client;

/* Connects; @capture is an index of captures. Nothing is sent yet. */
Client client_new (Server *server, guint capture);
Client client_new_at (guint port, guint capture);
/* Closes the connection. */
void client_clear (Client *self);

/* Publishes under @name instead of "cam"; @name has three characters, too. */
void client_rename (Client *self, const gchar *name);
/* Sends the capture from where it is up to @end bytes. */
void client_send (Client *self, gsize end);
/* Reads until the server closes the connection, or until PATIENCE_US pass
 * without a byte.
 *
 * Returns: (transfer full): all that was read, each zero replaced by a dot. */
gchar *client_listen (Client *self);
/* Shuts its side of the connection down, then reads as client_listen() does. */
void client_leave (Client *self);
/* Returns: the offset in the capture at which the @n-th message of video
 * ends. */
gsize client_end_of_video (const Client *client, guint n);

G_END_DECLS
