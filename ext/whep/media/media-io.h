/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The media threads: workers (worker-io.h) that share one UDP port. Each viewer
 * is one worker's for life; what a publisher pushes goes to all. Everybody else
 * talks to them by mailbox; every call here may come from any thread and never
 * blocks on the network. */

#pragma once

#include "ext/whep/media/mediastats.h"

G_BEGIN_DECLS

/* Viewers beyond this are refused. */
#define WHEP_MEDIA_MAX_VIEWERS 4096

/* Cores of the largest machine that one would serve with. */
#define WHEP_MEDIA_MAX_THREADS 64

typedef struct
{
  const gchar *address; /* "::" takes IPv4, too */
  guint16 port;         /* 0: any */
  guint n_threads;      /* 0: as many as there are cores */
  WhepStreamLimits limits;
  gboolean is_tracing; /* the tally has latencies, too */
} WhepMediaParams;

typedef struct _WhepMedia WhepMedia;

/* Both are called on a media thread and must only post the news elsewhere: once
 * a viewer's DTLS is up, and when it has ended, whatever the reason. */
typedef struct
{
  void (*connected) (const gchar *ufrag, const WhepAddress *address,
      gpointer user_data);
  void (*closed) (const gchar *ufrag, const gchar *why,
      const WhepViewerStats *stats, gpointer user_data);
} WhepMediaListener;

/* Binds the port and starts. */
WhepMedia *whep_media_new (const WhepMediaParams *params, GError **error);
/* Says goodbye to all viewers and joins the threads. */
void whep_media_free (WhepMedia *self);
guint16 whep_media_port (const WhepMedia *self);
guint whep_media_n_threads (const WhepMedia *self);
guint whep_media_n_viewers (const WhepMedia *self);

/* What all threads have counted, a second old at the most. @tally is not
 * initialised yet; clear it. */
void whep_media_stats (WhepMedia *self, WhepMediaStats *media_stats);

/* Whom to tell of viewers; NULL for nobody. After the call returns, the former
 * listener is not called any more. */
void whep_media_set_listener (WhepMedia *self,
    const WhepMediaListener *listener, gpointer user_data);

/* Viewers stand still, connected as they are, or go on live. */
void whep_media_set_paused (WhepMedia *self, gboolean is_paused);

/* A publisher's track; @id is the caller's and unique for life. */
void whep_media_begin_track (WhepMedia *self, guint64 id, const gchar *stream,
    WhepTrackKind kind, const gchar *encoding_name, guint clock_rate);
/* That track can be had in another codec, too: as a track of the same stream,
 * and of the kind %WHEP_RENDITION. To be said before its first packet. */
void whep_media_offer_rendition (WhepMedia *self, guint64 id,
    const gchar *encoding_name);
/* Takes the references to @packets, one frame's or a few. */
void whep_media_push (WhepMedia *self, guint64 id, WhepPacket **packets,
    guint n_packets);
void whep_media_end_track (WhepMedia *self, guint64 id);

/* Takes the viewer. Packets that come after this call find it. */
void whep_media_open_viewer (WhepMedia *self, WhepViewer *viewer);
/* Whether the viewer of that name can have @ufrag in a restart: checks must
 * name the thread that it belongs to. Of N threads, each Nth ufrag will do. */
gboolean whep_media_may_restart_as (const WhepMedia *self, const gchar *name,
    const gchar *ufrag);
/* The viewer of that name restarts ICE; unknown ones are ignored. */
void whep_media_restart_ice (WhepMedia *self, const gchar *name,
    const WhepIceCredentials *credentials);
/* The viewer of that name, its first ICE ufrag, says goodbye; unknown ones are
 * ignored. */
void whep_media_close_viewer (WhepMedia *self, const gchar *ufrag);
/* The same, unless its DTLS is up by now; the listener hears of it either way.
 */
void whep_media_let_give_way (WhepMedia *self, const gchar *ufrag);

G_END_DECLS
