/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A stream in JSON: see streamjson.h. */

#include "ext/whep/http/streamjson.h"
#include "ext/whep/http/json.h"
#include "gst/publisher/doctor.h"

/* Figures come once a second, unless nothing arrives. */
#define FRESH_US (3 * G_USEC_PER_SEC)

/* A viewer that joins a stream whose key frame the log has dropped sees nothing
 * yet. */
static void
add_wait (JsonBuilder *json, gint64 gop_us)
{
  g_autofree gchar *note = gop_us == 0
      ? g_strdup ("no key frame yet: new viewers wait for one")
      : g_strdup_printf ("GOP of %d s: new viewers wait for the next key frame",
            (gint) ((gop_us + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC));

  json_builder_set_member_name (json, "waits_for_key_frame");
  json_builder_add_boolean_value (json, TRUE);
  whep_json_add_text (json, "note", note);
}

/* @gop: (nullable): of video, if anything is known. */
static void
add_gop (JsonBuilder *json, const WhepMediaStatsStream *gop)
{
  if (gop == NULL)
    return;
  if (gop->gop_us > 0)
    whep_json_add_number (json, "gop_ms", gop->gop_us / 1000);
  if (!gop->has_key_frame)
    add_wait (json, gop->gop_us);
}

static void
add_figure (JsonBuilder *json, const gchar *name, guint figure)
{
  if (figure > 0)
    whep_json_add_number (json, name, figure);
}

static void
add_format (JsonBuilder *json, const WhepTrackFormat *format)
{
  add_figure (json, "width", format->width);
  add_figure (json, "height", format->height);
  add_figure (json, "sample_rate", format->sample_rate);
  add_figure (json, "channels", format->n_channels);
}

/* Rates are only true of a track that still arrives. */
static gboolean
is_fresh (const WhepListedTrack *track, gint64 now_us)
{
  return now_us - track->measured_us <= FRESH_US;
}

static void
add_arrival (JsonBuilder *json, const WhepListedTrack *track, gint64 now_us)
{
  const WhepArrivalFigures *arrival = &track->arrival;
  gboolean has_rates = is_fresh (track, now_us);

  whep_json_add_number (json, "packets", arrival->n_packets);
  whep_json_add_number (json, "bytes", arrival->n_bytes);
  whep_json_add_number (json, "frames", arrival->n_frames);
  whep_json_add_number (json, "key_frames", arrival->n_key_frames);
  whep_json_add_number (json, "dropped_packets", arrival->n_dropped);
  whep_json_add_number (json, "bits_per_second",
      has_rates ? arrival->bits_per_second : 0);
  whep_json_add_real (json, "frames_per_second",
      has_rates ? arrival->frames_per_second : 0);
  whep_json_add_number (json, "jitter_us", arrival->jitter_us);
}

/* To two digits: 1, 2.4, 310… */
static guint64
round_rate (guint64 rate)
{
  guint64 step = 1;

  while (rate / step >= 100)
    step *= 10;
  return (rate + step / 2) / step * step;
}

/* Rounded, so that a steady stream is described alike each time. */
static void
add_rates (JsonBuilder *json, const WhepListedTrack *track, gint64 now_us)
{
  const WhepArrivalFigures *arrival = &track->arrival;
  gboolean has_rates = is_fresh (track, now_us);

  whep_json_add_number (json, "bits_per_second",
      has_rates ? round_rate (arrival->bits_per_second) : 0);
  whep_json_add_number (json, "frames_per_second",
      has_rates ? arrival->frames_per_second + 0.5 : 0);
}

static void
add_facts (JsonBuilder *json, const WhepStreamJson *stream,
    const WhepListedTrack *track, const WhepMediaStatsStream *gop)
{
  if (track->profile_level_id != 0) {
    g_autofree gchar *hex = g_strdup_printf ("%06x", track->profile_level_id);

    whep_json_add_text (json, "profile_level_id", hex);
  }
  whep_json_add_text (json, "b_frames", track->b_frames);
  whep_json_add_text (json, "rendition", track->rendition);
  whep_json_add_text (json, "via", track->via);
  add_format (json, &track->format);
  if (track->measured_us != 0 && stream->is_detailed)
    add_arrival (json, track, stream->now_us);
  else if (track->measured_us != 0)
    add_rates (json, track, stream->now_us);
  add_gop (json, gop);
}

static void
add_track (JsonBuilder *json, const gchar *name, const WhepStreamJson *stream,
    WhepTrackKind kind)
{
  const WhepListing *listing = stream->listing;
  const WhepListedTrack *track = &listing->tracks[kind];
  const WhepListedFault *fault = &listing->faults[kind];

  if (track->id == 0 && fault->id == 0)
    return;
  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  whep_json_add_text (json, "codec",
      track->id != 0 ? track->encoding_name : fault->codec);
  if (track->id != 0)
    add_facts (json, stream, track, kind == WHEP_VIDEO ? stream->gop : NULL);
  whep_json_add_text (json, "unplayable", fault->reason);
  json_builder_end_object (json);
}

static void
add_time (JsonBuilder *json, const gchar *name, gint64 wall_us)
{
  g_autofree gchar *text = whep_json_time (wall_us);

  whep_json_add_text (json, name, text);
}

static void
add_uplink (JsonBuilder *json, const WhepListing *listing)
{
  const WhepUplink *uplink = whep_listing_uplink (listing);

  if (uplink == NULL)
    return;
  whep_json_add_number (json, "bytes", uplink->n_bytes);
  whep_json_add_number (json, "jitter_us", uplink->jitter_us);
}

static void
add_publisher (JsonBuilder *json, const WhepListing *listing)
{
  const WhepPublisher *publisher = whep_listing_publisher (listing);

  if (publisher == NULL)
    return;
  json_builder_set_member_name (json, "publisher");
  json_builder_begin_object (json);
  whep_json_add_text (json, "id", publisher->id);
  whep_json_add_text (json, "address", publisher->address);
  whep_json_add_number (json, "port", publisher->port);
  whep_json_add_text (json, "protocol", publisher->protocol);
  whep_json_add_text (json, "encoder", publisher->encoder);
  add_time (json, "since", publisher->since_us);
  add_uplink (json, listing);
  json_builder_end_object (json);
}

static void
add_finding (JsonBuilder *json, const PublisherFinding *finding)
{
  json_builder_begin_object (json);
  whep_json_add_text (json, "id", finding->id);
  whep_json_add_text (json, "severity", finding->severity);
  whep_json_add_text (json, "text", finding->text);
  whep_json_add_text (json, "obs", finding->obs);
  whep_json_add_text (json, "ffmpeg", finding->ffmpeg);
  json_builder_end_object (json);
}

static void
add_findings (JsonBuilder *json, const PublisherDiagnosis *diagnosis)
{
  json_builder_set_member_name (json, "findings");
  json_builder_begin_array (json);
  for (guint i = 0; i < diagnosis->n_findings; i++)
    add_finding (json, &diagnosis->findings[i]);
  json_builder_end_array (json);
}

static void
add_doctor (JsonBuilder *json, const WhepStreamJson *stream)
{
  const WhepUplink *uplink = whep_listing_uplink (stream->listing);
  PublisherDiagnosis diagnosis;

  if (uplink == NULL ||
      !publisher_doctor_examine (&diagnosis, &uplink->figures))
    return;
  json_builder_set_member_name (json, "doctor");
  json_builder_begin_object (json);
  whep_json_add_text (json, "grade", diagnosis.grade);
  if (!stream->is_brief)
    add_findings (json, &diagnosis);
  json_builder_end_object (json);
}

void
whep_stream_json_add (JsonBuilder *json, const WhepStreamJson *self)
{
  json_builder_begin_object (json);
  whep_json_add_text (json, "name", self->listing->name);
  add_time (json, "live_since", self->listing->since_us);
  whep_json_add_number (json, "viewers", self->n_viewers);
  add_track (json, "video", self, WHEP_VIDEO);
  add_track (json, "audio", self, WHEP_AUDIO);
  add_doctor (json, self);
  if (self->has_publisher)
    add_publisher (json, self->listing);
  if (self->recording != NULL) {
    json_builder_set_member_name (json, "recording");
    whep_recording_add (json, self->recording);
  }
  json_builder_end_object (json);
}
