/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes known about a track: see tracknotes-io.h. */

#include "ext/whep/http/tracknotes-io.h"
#include "ext/whep/http/router-io.h"

typedef struct
{
  guint64 id;
  WhepTrackFormat format;
  WhepArrivalFigures figures;
  WhepUplink uplink;
  WhepPublisher *publisher; /* owned */
} Note;

static Note *
note_new (guint64 id)
{
  Note *note = g_new0 (Note, 1);

  note->id = id;
  return note;
}

static void
note_free (gpointer data)
{
  Note *note = data;

  whep_publisher_free (note->publisher);
  g_free (note);
}

static void
take_format (WhepRouter *router, gpointer data)
{
  const Note *note = data;

  whep_directory_note_format (whep_router_registry (router)->directory,
      note->id, &note->format);
}

void
whep_http_note_format (WhepHttp *http, guint64 id,
    const WhepTrackFormat *format)
{
  Note *note = note_new (id);

  note->format = *format;
  whep_http_post (http, take_format, note, note_free);
}

static void
take_arrival (WhepRouter *router, gpointer data)
{
  const Note *note = data;

  whep_directory_note_arrival (whep_router_registry (router)->directory,
      note->id, &note->figures, &note->uplink, g_get_monotonic_time ());
}

void
whep_http_note_arrival (WhepHttp *http, guint64 id,
    const WhepArrivalFigures *figures, const WhepUplink *uplink)
{
  Note *note = note_new (id);

  note->figures = *figures;
  note->uplink = *uplink;
  whep_http_offer (http, take_arrival, note, note_free);
}

static void
take_publisher (WhepRouter *router, gpointer data)
{
  const Note *note = data;

  whep_directory_note_publisher (whep_router_registry (router)->directory,
      note->id, note->publisher);
}

void
whep_http_note_publisher (WhepHttp *http, guint64 id,
    const WhepPublisher *publisher)
{
  Note *note = note_new (id);

  note->publisher = whep_publisher_copy (publisher);
  whep_http_post (http, take_publisher, note, note_free);
}
