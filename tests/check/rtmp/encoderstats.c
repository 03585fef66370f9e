/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is measured of a publisher makes the doctor find its fault, and no
 * other one. Publishers live in virtual time. */

#include "gst/rtmp/encoderstats.h"
#include "tests/support/playtags.h"

#include "gst/publisher/doctor.h"

#include <gst/check/gstcheck.h>
#include <string.h>

#define VIDEO 9
#define AUDIO 8
#define MS 1000
#define BEGIN_US (G_GINT64_CONSTANT (5000) * G_USEC_PER_SEC)
#define PICTURE_HEADER 5
#define SLICE_BYTES 64
#define MAX_SLICES 32
#define HEADER "\x17\0\0\0\0\1\x64\0\x1f\xff\xe1\0"
#define BASELINE_HEADER "\x17\0\0\0\0\1\x42\0\x1f\xff\xe1\0"
/* AAC at 48 kHz: 1024 samples. */
#define SOUND_MS(i) ((i) *64 / 3)

/* A publisher; 0 is what a good one does. */
typedef struct
{
  guint fps;        /* default: 30 */
  guint gop_frames; /* default: two seconds */
  guint n_slices;   /* default: 1 */
  gboolean is_baseline;
  gboolean is_silent;
  gboolean has_b_frames;
  gboolean is_split; /* each slice has a tag of its own */
  guint hold_frames; /* frames wait for so many to be complete */
  guint skip_each;   /* of so many frames, the last is missing */
  gsize key_bytes, frame_bytes, burst_bytes; /* a burst: every tenth second */
  gint key_late_ms;
  const gint *late_ms; /* one after the other, cyclic */
  guint n_late;
  gint video_late_ms, audio_late_ms;
  gint drift_ppm;
  gint step_ms;     /* the route becomes longer in the middle */
  guint32 first_ms; /* the first timestamp */
} Encoder;

typedef struct
{
  Encoder encoder;
  RtmpEncoderStats stats;
  guint n_pictures, n_sounds;
  gint64 arrived_us; /* of the newest tag */
} Rig;

static void
add (Rig *self, GBytes *tag, gint64 now_us)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (tag, &size);

  rtmp_encoderstats_add (&self->stats, data, size, now_us);
  g_bytes_unref (tag);
}

static guint
fps (const Rig *self)
{
  return self->encoder.fps != 0 ? self->encoder.fps : 30;
}

static gboolean
is_key (const Rig *self, guint i)
{
  guint gop = self->encoder.gop_frames;

  return i % (gop != 0 ? gop : 2 * fps (self)) == 0;
}

/* The decoding order is P B B: B-frames are shown before the P that precedes
 * them. */
static gint
cts_ms (const Rig *self, guint i)
{
  return self->encoder.has_b_frames && i % 3 == 1 ? 3 * 1000 / (gint) fps (self)
                                                  : 0;
}

static gsize
picture_bytes (const Rig *self, guint i)
{
  const Encoder *encoder = &self->encoder;
  gsize bytes = is_key (self, i) ? encoder->key_bytes : encoder->frame_bytes;

  if (encoder->burst_bytes != 0 && i / fps (self) % 10 == 9)
    bytes = encoder->burst_bytes;
  return bytes;
}

static gsize
append_slice (guint8 *at, gboolean is_key, gsize n_more)
{
  gsize length = SLICE_BYTES + n_more;

  memset (at, 0, 4 + length);
  at[0] = length >> 24;
  at[1] = length >> 16;
  at[2] = length >> 8;
  at[3] = length;
  at[4] = is_key ? 0x65 : 0x41;
  return 4 + length;
}

static GBytes *
new_picture (const Rig *self, guint i, guint n_slices, guint32 time_ms)
{
  gsize n_more = picture_bytes (self, i);
  g_autofree guint8 *payload =
      g_malloc (PICTURE_HEADER + n_more + MAX_SLICES * (4 + SLICE_BYTES));
  gsize size = PICTURE_HEADER;

  payload[0] = is_key (self, i) ? 0x17 : 0x27;
  payload[1] = 1;
  payload[2] = 0;
  payload[3] = cts_ms (self, i) >> 8;
  payload[4] = cts_ms (self, i);
  for (guint slice = 0; slice < n_slices; slice++)
    size += append_slice (payload + size, is_key (self, i),
        slice == 0 ? n_more : 0);
  return play_tag_new (VIDEO, time_ms, payload, size);
}

static void
send_sounds (Rig *self, gint64 until_ms)
{
  gint late_ms = self->encoder.audio_late_ms;

  while (!self->encoder.is_silent &&
      SOUND_MS (self->n_sounds) + late_ms <= until_ms) {
    gint64 time_ms = SOUND_MS (self->n_sounds);

    add (self,
        play_tag_new (AUDIO, self->encoder.first_ms + time_ms, "\xaf\1x", 3),
        BEGIN_US + (time_ms + late_ms) * MS);
    self->n_sounds++;
  }
}

/* Returns: when the picture arrives if nothing is before it on the link. */
static gint64
due_us (const Rig *self, guint i, gint64 n_all)
{
  const Encoder *encoder = &self->encoder;
  guint last = encoder->hold_frames == 0
      ? i
      : i - i % encoder->hold_frames + encoder->hold_frames - 1;
  gint64 due_us = (gint64) last * G_USEC_PER_SEC / fps (self);

  due_us += due_us / 1000 * encoder->drift_ppm / 1000;
  due_us += encoder->video_late_ms * MS;
  if (is_key (self, i))
    due_us += encoder->key_late_ms * MS;
  if (encoder->n_late > 0)
    due_us += encoder->late_ms[i % encoder->n_late] * MS;
  if (i > n_all / 2)
    due_us += encoder->step_ms * MS;
  return BEGIN_US + due_us;
}

static void
send_picture (Rig *self, guint i, gint64 n_all)
{
  guint32 time_ms =
      self->encoder.first_ms + (gint64) i * 1000 / (gint64) fps (self);
  guint n_slices = MAX (self->encoder.n_slices, 1);

  self->arrived_us = MAX (self->arrived_us, due_us (self, i, n_all));
  send_sounds (self, (self->arrived_us - BEGIN_US) / MS);
  if (!self->encoder.is_split) {
    add (self, new_picture (self, i, n_slices, time_ms), self->arrived_us);
    return;
  }
  for (guint slice = 0; slice < n_slices; slice++)
    add (self, new_picture (self, i, 1, time_ms), self->arrived_us);
}

static void
publish (Rig *self, guint seconds)
{
  gint64 n_all = (gint64) seconds * fps (self);
  guint skip_each = self->encoder.skip_each;

  if (self->encoder.is_baseline)
    add (self,
        play_tag_new (VIDEO, self->encoder.first_ms, BASELINE_HEADER,
            sizeof BASELINE_HEADER - 1),
        BEGIN_US);
  else
    add (self,
        play_tag_new (VIDEO, self->encoder.first_ms, HEADER, sizeof HEADER - 1),
        BEGIN_US);
  for (guint i = 0; i < n_all; i++)
    if (skip_each == 0 || i % skip_each != skip_each - 1)
      send_picture (self, i, n_all);
}

static Rig *
rig_new (const Encoder *encoder)
{
  Rig *self = g_new0 (Rig, 1);

  self->encoder = *encoder;
  return self;
}

static gboolean
examine (Rig *self, PublisherDiagnosis *diagnosis)
{
  PublisherFigures figures;

  rtmp_encoderstats_get (&self->stats, &figures);
  return publisher_doctor_examine (diagnosis, &figures);
}

/* The jitter's rises are steep and its falls flat, so that no two frames arrive
 * together. */
static const gint saw_ms[] = { 0, 72, 48, 24 };
static const gint big_saw_ms[] = { 0, 0, 0, 288, 264, 240, 216, 192, 168, 144,
  120, 96, 72, 48, 24 };

/* The only finding; NULL: none. */
static const struct
{
  const gchar *what;
  Encoder encoder;
  guint seconds;
  const gchar *id;
  const gchar *severity;
} publishers[] = {
  { "a perfect stream", { 0 }, 40, NULL, NULL },
  { "one of 60 frames per second", { .fps = 60 }, 40, NULL, NULL },
  { "one of 240 frames per second", { .fps = 240 }, 10, NULL, NULL },
  { "one without sound", { .is_silent = TRUE }, 10, NULL, NULL },
  { "timestamps that wrap", { .first_ms = 0xfffff000 }, 10, NULL, NULL },
  { "B-frames", { .has_b_frames = TRUE }, 10, "b-frames", "major" },
  { "a GOP of 5 s", { .gop_frames = 150 }, 40, "long-gop", "minor" },
  { "a GOP of 10 s", { .gop_frames = 300 }, 40, "long-gop", "major" },
  { "an endless GOP", { .gop_frames = 10000 }, 10, "long-gop", "major" },
  { "a GOP of a third of a second", { .gop_frames = 10 }, 10, "short-gop",
      "minor" },
  { "key frames that take 80 ms", { .key_late_ms = 80 }, 40, NULL, NULL },
  { "key frames that take 150 ms", { .key_late_ms = 150 }, 40,
      "late-key-frames", "minor" },
  { "key frames that take 320 ms", { .key_late_ms = 320 }, 40,
      "late-key-frames", "major" },
  { "a burst of 4 Mbit/s",
      { .key_bytes = 20000, .frame_bytes = 2000, .burst_bytes = 17000 }, 40,
      "bursts", "minor" },
  { "key frames alone are no burst",
      { .key_bytes = 60000, .frame_bytes = 8000 }, 40, NULL, NULL },
  { "four slices", { .n_slices = 4 }, 10, NULL, NULL },
  { "eight slices", { .n_slices = 8 }, 10, "slices", "info" },
  { "twelve slices", { .n_slices = 12 }, 10, "slices", "minor" },
  { "twelve slices in tags of their own", { .n_slices = 12, .is_split = TRUE },
      10, "slices", "minor" },
  { "frames that are up to 72 ms late",
      { .late_ms = saw_ms, .n_late = G_N_ELEMENTS (saw_ms) }, 40, "jitter",
      "minor" },
  { "frames that are up to 288 ms late",
      { .late_ms = big_saw_ms, .n_late = G_N_ELEMENTS (big_saw_ms) }, 40,
      "jitter", "minor" },
  { "two frames at a time", { .fps = 60, .hold_frames = 2 }, 10, "clumps",
      "minor" },
  { "a tenth of the frames missing", { .skip_each = 12 }, 20, "missing-frames",
      "minor" },
  { "a fifth of the frames missing", { .skip_each = 5 }, 20, "missing-frames",
      "major" },
  { "15 frames per second", { .fps = 15 }, 10, "low-frame-rate", "minor" },
  { "a clock that is 100 ppm slow", { .drift_ppm = 100, .is_silent = TRUE },
      200, NULL, NULL },
  { "a clock that is 1000 ppm slow", { .drift_ppm = 1000, .is_silent = TRUE },
      200, "clock-drift", "minor" },
  { "a clock that is 1000 ppm fast", { .drift_ppm = -1000, .is_silent = TRUE },
      200, "clock-drift", "minor" },
  { "a clock that is 6000 ppm slow", { .drift_ppm = 6000, .is_silent = TRUE },
      200, "clock-drift", "major" },
  { "a route that becomes 200 ms longer", { .step_ms = 200, .is_silent = TRUE },
      200, NULL, NULL },
  { "sound that leaves 150 ms late", { .audio_late_ms = 150 }, 10, "av-skew",
      "minor" },
  { "a picture that leaves 600 ms late", { .video_late_ms = 600 }, 10,
      "av-skew", "major" },
  { "Baseline", { .is_baseline = TRUE }, 10, "profile", "info" },
};

static void
check_findings (const PublisherDiagnosis *diagnosis, const gchar *what,
    const gchar *id, const gchar *severity)
{
  const PublisherFinding *finding = &diagnosis->findings[0];

  for (guint i = id != NULL; i < diagnosis->n_findings; i++)
    ck_abort_msg ("%s: %s", what, diagnosis->findings[i].text);
  if (id == NULL) {
    ck_assert_str_eq (diagnosis->grade, "A");
    return;
  }
  ck_assert_msg (diagnosis->n_findings == 1, "%s: nothing found", what);
  ck_assert_msg (g_str_equal (finding->id, id), "%s: %s", what, finding->text);
  ck_assert_msg (g_str_equal (finding->severity, severity), "%s: %s, %s", what,
      finding->severity, finding->text);
}

GST_START_TEST (each_publisher_has_its_fault_and_no_other)
{
  for (guint i = 0; i < G_N_ELEMENTS (publishers); i++) {
    g_autofree Rig *rig = rig_new (&publishers[i].encoder);
    PublisherDiagnosis diagnosis;

    publish (rig, publishers[i].seconds);
    ck_assert_msg (examine (rig, &diagnosis), "%s", publishers[i].what);
    check_findings (&diagnosis, publishers[i].what, publishers[i].id,
        publishers[i].severity);
  }
}
GST_END_TEST;

GST_START_TEST (figures_are_those_of_the_last_seconds)
{
  g_autofree Rig *rig = rig_new (&(Encoder){ .n_slices = 2,
      .key_bytes = 25000,
      .frame_bytes = 5000,
      .key_late_ms = 20 });
  PublisherFigures figures;

  publish (rig, 61);
  rtmp_encoderstats_get (&rig->stats, &figures);
  ck_assert_int_ge (figures.measured_us, 60 * G_USEC_PER_SEC);
  ck_assert_int_eq (figures.profile, 100);
  ck_assert_int_eq (figures.n_slices, 2);
  ck_assert_int_ge (figures.n_frames, 29 * 30);
  ck_assert_int_le (figures.n_frames, 30 * 30);
  ck_assert_int_eq (figures.interval_us, 33000);
  ck_assert_int_eq (figures.gop_us, 2 * G_USEC_PER_SEC);
  ck_assert_int_ge (figures.key_bytes, 25000);
  ck_assert_int_lt (figures.key_bytes, 25500);
  /* Timestamps are rounded to milliseconds. */
  ck_assert_int_ge (figures.key_late_us, 19000);
  ck_assert_int_le (figures.key_late_us, 21000);
  ck_assert_int_ge (figures.bits_per_second, 1200000);
  ck_assert_int_le (figures.bits_per_second, 1400000);
  ck_assert_int_eq (figures.n_missing, 0);
  ck_assert_int_eq (figures.n_clumped, 0);
}
GST_END_TEST;

GST_START_TEST (sound_alone_is_measured_too)
{
  g_autofree Rig *rig = rig_new (&(Encoder){ 0 });
  PublisherDiagnosis diagnosis;
  PublisherFigures figures;

  send_sounds (rig, 20000);
  rtmp_encoderstats_get (&rig->stats, &figures);
  ck_assert_int_eq (figures.codec, 0);
  ck_assert_int_eq (figures.interval_us, 21000);
  ck_assert (examine (rig, &diagnosis));
  check_findings (&diagnosis, "sound alone", NULL, NULL);
}
GST_END_TEST;

/* Nobody blames the encoder for what was in its buffer. */
GST_START_TEST (how_a_stream_starts_does_not_count)
{
  g_autofree Rig *rig = rig_new (&(Encoder){ 0 });
  PublisherDiagnosis diagnosis;

  for (guint i = 0; i < 60; i++)
    add (rig, new_picture (rig, 0, 1, -2000 + (gint) (i * 33)), BEGIN_US);
  publish (rig, 20);
  ck_assert (examine (rig, &diagnosis));
  check_findings (&diagnosis, "a burst at the start", NULL, NULL);
}
GST_END_TEST;

GST_START_TEST (a_jump_of_the_clock_starts_over)
{
  g_autofree Rig *rig = rig_new (&(Encoder){ .has_b_frames = TRUE });
  PublisherDiagnosis diagnosis;

  publish (rig, 10);
  ck_assert (examine (rig, &diagnosis));
  rig->encoder = (Encoder){ .first_ms = 100000 };
  rig->encoder.video_late_ms = 10000;
  rig->encoder.is_silent = TRUE;
  publish (rig, 3);
  ck_assert (!examine (rig, &diagnosis));
  rig->encoder.first_ms += 3000;
  rig->encoder.video_late_ms += 3000;
  publish (rig, 10);
  ck_assert (examine (rig, &diagnosis));
  ck_assert_str_eq (diagnosis.grade, "A");
}
GST_END_TEST;

static Suite *
encoderstats_suite (void)
{
  Suite *suite = suite_create ("encoderstats");
  TCase *tests = tcase_create ("encoderstats");

  tcase_add_test (tests, each_publisher_has_its_fault_and_no_other);
  tcase_add_test (tests, figures_are_those_of_the_last_seconds);
  tcase_add_test (tests, sound_alone_is_measured_too);
  tcase_add_test (tests, how_a_stream_starts_does_not_count);
  tcase_add_test (tests, a_jump_of_the_clock_starts_over);
  suite_add_tcase (suite, tests);
  return suite;
}

GST_CHECK_MAIN (encoderstats);
