/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The media threads: workers (worker-io.h) that share one UDP port. Each viewer
 * belongs to one worker for its lifetime; what a publisher pushes goes to all
 * of them. Other threads reach them through mailboxes; every function here may
 * be called from any thread and never blocks on the network. */

#pragma once

#include "ext/whep/media/mediastats.h"

G_BEGIN_DECLS

/* Viewers beyond this are rejected. */
#define WHEP_MEDIA_MAX_VIEWERS 4096

/* The number of cores of the largest machine that this is likely to run on. */
#define WHEP_MEDIA_MAX_THREADS 64

typedef struct
{
  const gchar *address; /* "::" includes IPv4 */
  guint16 port;         /* 0: any */
  guint n_threads;      /* 0: one per core */
  WhepStreamLimits limits;
  gboolean is_tracing; /* media stats include latencies */
} WhepMediaParams;

typedef struct _WhepMedia WhepMedia;

/* Both are called on a media thread and must only post to another one: when a
 * viewer's DTLS has connected, and when a viewer has ended, whatever the
 * reason. */
typedef struct
{
  void (*connected) (const gchar *ufrag, const WhepAddress *address,
      gpointer user_data);
  void (*closed) (const gchar *ufrag, const gchar *why,
      const WhepViewerStats *stats, gpointer user_data);
} WhepMediaListener;

/* Binds the port and starts the threads. */
WhepMedia *whep_media_new (const WhepMediaParams *params, GError **error);
/* Closes all viewers and joins the threads. */
void whep_media_free (WhepMedia *self);
guint16 whep_media_port (const WhepMedia *self);
guint whep_media_n_threads (const WhepMedia *self);
guint whep_media_n_viewers (const WhepMedia *self);

/* The sum of all threads' media stats, at most a second old. Initialises
 * @media_stats, which the caller clears. */
void whep_media_stats (WhepMedia *self, WhepMediaStats *media_stats);

/* Sets the listener for viewers; NULL for none. Once the call has returned, the
 * former listener is no longer called. */
void whep_media_set_listener (WhepMedia *self,
    const WhepMediaListener *listener, gpointer user_data);

/* Pauses all viewers, which stay connected, or resumes them live. */
void whep_media_set_paused (WhepMedia *self, gboolean is_paused);

/* A publisher's track begins; @id is chosen by the caller and never reused. */
void whep_media_begin_track (WhepMedia *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *encoding_name, guint clock_rate);
/* The track is also available in another codec, as a track of the same stream
 * of the kind %WHEP_RENDITION. To be called before its first packet. */
void whep_media_offer_rendition (WhepMedia *self, guint64 id,
    const gchar *encoding_name);
/* Takes the references to @packets, of one frame or a few. */
void whep_media_push (WhepMedia *self, guint64 id, WhepPacket **packets,
    guint n_packets);
void whep_media_end_track (WhepMedia *self, guint64 id);

/* Takes the viewer. It gets all packets that are pushed after this call. */
void whep_media_open_viewer (WhepMedia *self, WhepViewer *viewer);
/* Whether the viewer of that name may use @ufrag for an ICE restart: its ufrag
 * must map to the thread that owns it. With N threads, one in N ufrags does. */
gboolean whep_media_may_restart_as (const WhepMedia *self, const gchar *name,
    const gchar *ufrag);
/* Restarts ICE of the viewer of that name; an unknown viewer is ignored. */
void whep_media_restart_ice (WhepMedia *self, const gchar *name,
    const WhepIceCredentials *credentials);
/* Changes what the viewer of that name has chosen; an unknown viewer is
 * ignored. */
void whep_media_control_viewer (WhepMedia *self, const gchar *name,
    const WhepViewerControls *controls);
/* Closes the viewer of that name, its first ICE ufrag; an unknown viewer is
 * ignored. */
void whep_media_close_viewer (WhepMedia *self, const gchar *ufrag);
/* Likewise, unless its DTLS has connected by then; the listener is called in
 * either case. */
void whep_media_let_give_way (WhepMedia *self, const gchar *ufrag);

G_END_DECLS
