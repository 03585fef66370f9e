/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all pads of whepsink have in common: see gstwheppad.h. */

#include "ext/whep/gstwheppad.h"

typedef struct
{
  /* Object lock. */
  gchar *stream_name;   /* property */
  gchar *upstream_name; /* set by the streaming thread */

  gint is_live; /* atomic */
} GstWhepPadPrivate;

enum
{
  PROP_0,
  PROP_STREAM_NAME,
};

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (GstWhepPad, gst_whep_pad, GST_TYPE_PAD);

static GstWhepPadPrivate *
private_of (GstWhepPad *self)
{
  return gst_whep_pad_get_instance_private (self);
}

void
gst_whep_pad_start (GstWhepPad *self, WhepMedia *media, WhepHttp *http)
{
  GST_WHEP_PAD_GET_CLASS (self)->start (self, media, http);
}

void
gst_whep_pad_stop (GstWhepPad *self)
{
  GST_WHEP_PAD_GET_CLASS (self)->stop (self);
}

gboolean
gst_whep_pad_is_live (GstWhepPad *self)
{
  return g_atomic_int_get (&private_of (self)->is_live);
}

void
gst_whep_pad_set_live (GstWhepPad *self, gboolean is_live)
{
  g_atomic_int_set (&private_of (self)->is_live, is_live);
}

void
gst_whep_pad_take_start (GstWhepPad *self, GstEvent *stream_start)
{
  GstWhepPadPrivate *priv = private_of (self);
  const gchar *name =
      gst_structure_get_string (gst_event_get_structure (stream_start),
          "stream-name");

  GST_OBJECT_LOCK (self);
  g_free (priv->upstream_name);
  priv->upstream_name = g_strdup (name);
  GST_OBJECT_UNLOCK (self);
}

static gchar *
dup_property (GstWhepPad *self)
{
  gchar *name;

  GST_OBJECT_LOCK (self);
  name = g_strdup (private_of (self)->stream_name);
  GST_OBJECT_UNLOCK (self);
  return name;
}

gchar *
gst_whep_pad_dup_stream (GstWhepPad *self)
{
  gchar *name = dup_property (self);

  GST_OBJECT_LOCK (self);
  if (name == NULL)
    name = g_strdup (private_of (self)->upstream_name);
  GST_OBJECT_UNLOCK (self);
  return name != NULL ? name : g_strdup (GST_WHEP_PAD_DEFAULT_STREAM);
}

guint64
gst_whep_pad_next_id (void)
{
  static gsize last_id = 0;

  return g_atomic_pointer_add (&last_id, 1) + 1;
}

static void
gst_whep_pad_set_property (GObject *object, guint id, const GValue *value,
    GParamSpec *pspec)
{
  GstWhepPadPrivate *priv = private_of (GST_WHEP_PAD (object));

  if (id != PROP_STREAM_NAME) {
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    return;
  }
  GST_OBJECT_LOCK (object);
  g_free (priv->stream_name);
  priv->stream_name = g_value_dup_string (value);
  GST_OBJECT_UNLOCK (object);
}

static void
gst_whep_pad_get_property (GObject *object, guint id, GValue *value,
    GParamSpec *pspec)
{
  if (id == PROP_STREAM_NAME)
    g_value_take_string (value, dup_property (GST_WHEP_PAD (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
gst_whep_pad_finalize (GObject *object)
{
  GstWhepPadPrivate *priv = private_of (GST_WHEP_PAD (object));

  g_free (priv->stream_name);
  g_free (priv->upstream_name);
  G_OBJECT_CLASS (gst_whep_pad_parent_class)->finalize (object);
}

static void
gst_whep_pad_init (GstWhepPad *self)
{
}

static void
gst_whep_pad_class_init (GstWhepPadClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = gst_whep_pad_set_property;
  object_class->get_property = gst_whep_pad_get_property;
  object_class->finalize = gst_whep_pad_finalize;

  g_object_class_install_property (object_class, PROP_STREAM_NAME,
      g_param_spec_string ("stream-name", "Stream name",
          "The stream, as APP/KEY, that this pad belongs to; unset: the name "
          "that upstream's stream-start event carries, or "
          "\"" GST_WHEP_PAD_DEFAULT_STREAM "\"",
          NULL,
          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
              GST_PARAM_MUTABLE_READY));
}
