/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An edge's origins: see gstorigin.h. */

#include "gst/live/gstorigin.h"
#include "gst/live/gstpull.h"

GST_DEBUG_CATEGORY (gst_origin_debug);
#define GST_CAT_DEFAULT gst_origin_debug

struct _GstOrigin
{
  GstPullParams params;
  GstElement *whep;              /* not owned */
  GstPublications *publications; /* not owned */
  GMainLoop *loop;
  GThread *thread;
  /* For the thread alone. */
  GHashTable *pulls;     /* name → GstPull */
  GHashTable *published; /* names of what is published here */
  gboolean is_over;      /* no further order is obeyed */
};

typedef enum
{
  PULL,
  END_PULL,
  PUBLISHED,
  UNPUBLISHED,
} OrderKind;

/* What whepsink has asked for, or a publisher has done, on its way to the
 * thread. */
typedef struct
{
  GstOrigin *owner;
  OrderKind kind;
  gchar *stream;
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_free (order->stream);
  g_free (order);
}

static void
begin_pull (GstOrigin *self, const gchar *stream)
{
  GstPull *pull;

  if (g_hash_table_contains (self->pulls, stream))
    return;
  GST_INFO ("%s: is pulled", stream);
  pull = gst_pull_new (&self->params, stream);
  g_hash_table_insert (self->pulls, g_strdup (stream), pull);
  if (!g_hash_table_contains (self->published, stream))
    gst_pull_set_held (pull, FALSE);
}

/* Viewers see what is published here, as long as it is. */
static void
note_published (GstOrigin *self, const gchar *stream, gboolean is_published)
{
  GstPull *pull = g_hash_table_lookup (self->pulls, stream);

  if (is_published)
    g_hash_table_add (self->published, g_strdup (stream));
  else
    g_hash_table_remove (self->published, stream);
  if (pull == NULL)
    return;
  GST_INFO ("%s: %s", stream,
      is_published ? "is published here, and not pulled" : "is pulled again");
  gst_pull_set_held (pull, is_published);
}

static gboolean
on_order (gpointer data)
{
  Order *order = data;
  GstOrigin *self = order->owner;

  if (self->is_over)
    return G_SOURCE_REMOVE;
  switch (order->kind) {
    case PULL:
      begin_pull (self, order->stream);
      break;
    case END_PULL:
      if (g_hash_table_remove (self->pulls, order->stream))
        GST_INFO ("%s: is no longer pulled", order->stream);
      break;
    case PUBLISHED:
    case UNPUBLISHED:
      note_published (self, order->stream, order->kind == PUBLISHED);
      break;
  }
  return G_SOURCE_REMOVE;
}

/* Orders are obeyed in the order in which they were given. */
static void
give_order (GstOrigin *self, const gchar *stream, OrderKind kind)
{
  Order *order = g_new (Order, 1);
  GSource *source = g_idle_source_new ();

  *order = (Order){ self, kind, g_strdup (stream) };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_order, order, order_free);
  g_source_attach (source, self->params.context);
  g_source_unref (source);
}

/* From a publisher's thread. */
static void
on_publication (const gchar *stream, gboolean begins, gpointer user_data)
{
  GstOrigin *self = user_data;
  Directory *directory = self->params.directory;

  give_order (self, stream, begins ? PUBLISHED : UNPUBLISHED);
  if (directory != NULL && begins)
    directory_publish (directory, stream);
  else if (directory != NULL)
    directory_unpublish (directory, stream);
}

static gboolean
on_pull_stream (GstElement *whep, const gchar *stream, GstOrigin *self)
{
  give_order (self, stream, PULL);
  return TRUE;
}

static void
on_end_pull (GstElement *whep, const gchar *stream, GstOrigin *self)
{
  give_order (self, stream, END_PULL);
}

/* From the HTTP thread. */
static gchar *
on_find_room (GstElement *whep, const gchar *stream, GstOrigin *self)
{
  return self->params.directory != NULL
      ? directory_find_room (self->params.directory)
      : NULL;
}

static void
tell_failure (const gchar *stream, gpointer user_data)
{
  g_signal_emit_by_name (((GstOrigin *) user_data)->whep, "pull-failed",
      stream);
}

static gpointer
run (gpointer user_data)
{
  GstOrigin *self = user_data;

  g_main_context_push_thread_default (self->params.context);
  g_main_loop_run (self->loop);
  self->is_over = TRUE;
  g_hash_table_remove_all (self->pulls);
  /* The ends of attempts that are on their way keep the context alive. */
  while (g_main_context_iteration (self->params.context, FALSE))
    continue;
  g_main_context_pop_thread_default (self->params.context);
  return NULL;
}

static gboolean
quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

void
gst_origin_finish (GstOrigin *self)
{
  GSource *source;

  if (self == NULL)
    return;
  /* The loop need not run yet: the source waits for it. */
  source = g_idle_source_new ();
  g_source_set_callback (source, quit, self->loop, NULL);
  g_source_attach (source, self->params.context);
  g_source_unref (source);
}

void
gst_origin_stop (GstOrigin *self)
{
  if (self == NULL || self->thread == NULL)
    return;
  gst_origin_finish (self);
  g_thread_join (g_steal_pointer (&self->thread));
}

/* Returns FALSE, having posted an error, if the URL is none. */
static gboolean
read_url (GstOrigin *self, GstBin *bin, const gchar *url)
{
  const gchar *why;

  if (url == NULL || *url == '\0')
    return TRUE;
  why = origin_url_init (&self->params.url, url);
  if (why != NULL)
    GST_ELEMENT_ERROR (bin, RESOURCE, SETTINGS,
        ("The property \"origin\" is wrong: %s.", why), (NULL));
  return why == NULL;
}

static void
start (GstOrigin *self, const gchar *key_file)
{
  self->params.context = g_main_context_new ();
  self->params.key_file = g_strdup (key_file);
  self->params.failed = tell_failure;
  self->params.user_data = self;
  self->pulls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
      (GDestroyNotify) gst_pull_free);
  self->published =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->loop = g_main_loop_new (self->params.context, FALSE);
  self->thread = g_thread_new ("origin", run, self);
}

GstOrigin *
gst_origin_new (GstBin *bin, GstElement *whep, const GstOriginParams *params)
{
  GstOrigin *self = g_new0 (GstOrigin, 1);

  GST_DEBUG_CATEGORY_INIT (gst_origin_debug, "rtmporigin", 0,
      "Streams that are pulled from another server");
  self->params.bin = bin;
  self->params.directory = params->directory;
  if (!read_url (self, bin, params->url)) {
    directory_free (params->directory);
    origin_url_clear (&self->params.url);
    g_free (self);
    return NULL;
  }
  self->whep = whep;
  self->publications = params->publications;
  start (self, params->key_file);
  g_signal_connect (whep, "pull-stream", G_CALLBACK (on_pull_stream), self);
  g_signal_connect (whep, "end-pull", G_CALLBACK (on_end_pull), self);
  g_signal_connect (whep, "find-room", G_CALLBACK (on_find_room), self);
  gst_publications_set_listener (self->publications, on_publication, self);
  return self;
}

void
gst_origin_free (GstOrigin *self)
{
  if (self == NULL)
    return;
  gst_publications_set_listener (self->publications, NULL, NULL);
  gst_origin_stop (self);
  g_signal_handlers_disconnect_by_data (self->whep, self);
  directory_free (self->params.directory);
  /* Answers that came since hold the context. */
  while (g_main_context_iteration (self->params.context, FALSE))
    continue;
  g_hash_table_unref (self->pulls);
  g_hash_table_unref (self->published);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->params.context);
  origin_url_clear (&self->params.url);
  g_free (self->params.key_file);
  g_free (self);
}
