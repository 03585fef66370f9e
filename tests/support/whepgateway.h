/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A pipeline with a whepsink on loopback, its replies over HTTP, and tracks
 * that begin, send and end. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* The limit of each wait; the machine may be busy. */
#define WHEP_GATEWAY_PATIENCE_US (30 * G_USEC_PER_SEC)

#define VIDEO_CAPS_BARE                                                        \
  "application/x-rtp, media=(string)video, encoding-name=(string)H264, "       \
  "clock-rate=(int)90000, payload=(int)96"
#define VIDEO_CAPS VIDEO_CAPS_BARE ", profile-level-id=(string)42e01f"
#define AUDIO_CAPS                                                             \
  "application/x-rtp, media=(string)audio, encoding-name=(string)OPUS, "       \
  "clock-rate=(int)48000, payload=(int)97"

typedef struct
{
  GstElement *pipeline;
  GstElement *sink;
  GstBus *bus;
} Gateway;

typedef struct
{
  GstElement *gateway;
  GstPad *src;
  GstPad *sink; /* the gateway's */
  gboolean is_rendition;
  const gchar *rendition_codec;
  guint16 seq;
} Track;

/* Does not start the pipeline; @port 0 is any port. */
void gateway_init (Gateway *self, guint port);
GstStateChangeReturn gateway_play (Gateway *self);
/* Initialises and plays, on any port. */
void gateway_start (Gateway *self);
void gateway_clear (Gateway *self);

guint gateway_port (Gateway *self);
guint gateway_n_viewers (Gateway *self);
/* Returns: (transfer full): the HTTP response to GET @path, head and body. */
gchar *gateway_ask (Gateway *self, const gchar *path);
/* Whether the list of streams contains @words. */
gboolean gateway_lists (Gateway *self, const gchar *words);

/* @words are caps; @property and @upstream may be NULL. */
void track_begin (Track *self, Gateway *gateway, const gchar *template,
    const gchar *property, const gchar *upstream, const gchar *words);
void track_end (Track *self);
GstFlowReturn track_push (Track *self, guint payload_bytes);

G_END_DECLS
