/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of whepsink: see gstwhepsettings.h. */

#include "ext/whep/gstwhepsettings.h"
#include "ext/whep/http/connections-io.h"
#include "ext/whep/media/media-io.h"

G_STATIC_ASSERT (GST_WHEP_MAX_VIEWERS == WHEP_MEDIA_MAX_VIEWERS);
G_STATIC_ASSERT (GST_WHEP_MAX_THREADS == WHEP_MEDIA_MAX_THREADS);
G_STATIC_ASSERT (GST_WHEP_MAX_CONNECTIONS == WHEP_CONNECTIONS_MAX);
G_STATIC_ASSERT (GST_WHEP_DEFAULT_BACKLOG_BYTES == WHEP_LOG_DEFAULT_BYTES);
G_STATIC_ASSERT (
    GST_WHEP_DEFAULT_BACKLOG_TIME == WHEP_LOG_DEFAULT_US * GST_USECOND);
G_STATIC_ASSERT (
    GST_WHEP_DEFAULT_LINGER == WHEP_STREAM_LINGER_US * GST_USECOND);

void
gst_whep_settings_init (GstWhepSettings *self)
{
  gst_settings_init (self, gst_whep_settings_table ());
}

void
gst_whep_settings_clear (GstWhepSettings *self)
{
  gst_settings_clear (self, gst_whep_settings_table ());
}

void
gst_whep_settings_copy (GstWhepSettings *self, const GstWhepSettings *other)
{
  *self = *other;
  gst_settings_dup_strings (self, gst_whep_settings_table ());
}
