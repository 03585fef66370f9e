/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the server has done by the element that it belongs to, for
 * administrators. Pure. */

#pragma once

#include "ext/whep/http/apibody.h"
#include "ext/whep/http/recording.h"

G_BEGIN_DECLS

/* The number of settings that a request may change. */
#define WHEP_CONTROLS_MAX_SETTINGS 16

/* Each is called on the HTTP thread and does not block; nullable. */
typedef struct
{
  /* Returns FALSE if the stream has no source that can be disconnected. */
  gboolean (*disconnect_publisher) (const gchar *stream, const gchar *reason,
      guint64 refuse_for_ns, gpointer user_data);
  /* Writes the settings that can change while the server runs, at most
   * WHEP_CONTROLS_MAX_SETTINGS, and returns their number. */
  guint (*read_settings) (WhepApiNumber *settings, gpointer user_data);
  /* Takes the values of those that are set. */
  void (*change_settings) (const WhepApiNumber *settings, guint n_settings,
      gpointer user_data);
  /* Starts or stops the recording of a stream. Returns FALSE if nothing
   * records; otherwise, @why (transfer full) is NULL or the reason why not. */
  gboolean (*record) (const gchar *stream, gboolean starts, gchar **why,
      gpointer user_data);
  /* Returns FALSE if the stream is not recorded; otherwise, @recording, which
   * was zeroed, is to be cleared. */
  gboolean (*read_recording) (const gchar *stream, WhepRecording *recording,
      gpointer user_data);
  gpointer user_data;
} WhepControls;

G_END_DECLS
