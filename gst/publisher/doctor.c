/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The encoder doctor: see doctor.h.
 *
 * Each rule looks at the figures for one fault. The names of settings are those
 * of OBS Studio 30 to 32, in its English, and of ffmpeg 5 and later. */

#include "gst/publisher/doctor.h"

#include <string.h>

#define FOURCC(a, b, c, d)                                                     \
  ((gint64) (a) << 24 | (gint64) (b) << 16 | (gint64) (c) << 8 | (gint64) (d))
#define CODEC_H264 FOURCC ('a', 'v', 'c', '1')

/* ITU-T H.264, annex A: Baseline; the first of those with more than 8 bits or
 * other chroma than 4:2:0. */
#define PROFILE_BASELINE 66
#define PROFILE_HIGH_10 110

#define TEXT_BYTES (PUBLISHER_FINDING_MAX_BYTES + 1)
#define MS(us) ((gint) ((us) / 1000))

typedef struct
{
  const gchar *id;
  PublisherSeverity (*look) (const PublisherFigures *figures, gchar *text);
  const gchar *obs;
  const gchar *ffmpeg;
} Rule;

static gint64
percent (gint64 part, gint64 whole)
{
  return whole > 0 ? 100 * part / whole : 0;
}

/* Returns: which of two limits @value exceeds. */
static PublisherSeverity
exceeds (gint64 value, gint64 minor, gint64 major)
{
  if (value >= major)
    return PUBLISHER_FINDING_MAJOR;
  return value >= minor ? PUBLISHER_FINDING_MINOR : PUBLISHER_FINDING_NONE;
}

/* Browsers show frames over WebRTC in the order in which they arrive. */
static PublisherSeverity
look_for_b_frames (const PublisherFigures *figures, gchar *text)
{
  if (figures->n_reordered == 0)
    return PUBLISHER_FINDING_NONE;
  g_snprintf (text, TEXT_BYTES,
      "B-frames (%d %% of the frames): most browsers cannot reorder frames "
      "over WebRTC, so the video has to be transcoded, which costs quality, "
      "CPU time and more than 100 ms.",
      (gint) percent (figures->n_reordered, figures->n_frames));
  return PUBLISHER_FINDING_MAJOR;
}

/* A viewer that has lost a frame for good, or joins, begins with the newest key
 * frame and has to catch up from there. */
static PublisherSeverity
look_for_long_gop (const PublisherFigures *figures, gchar *text)
{
  PublisherSeverity severity = exceeds (figures->gop_us,
      PUBLISHER_DOCTOR_GOP_US, PUBLISHER_DOCTOR_LONG_GOP_US);

  g_snprintf (text, TEXT_BYTES,
      "%.1f s from key frame to key frame: viewers that join or have lost "
      "packets catch up from the last one, up to that many seconds of video "
      "at once. 1 to 2 s are best.",
      (gdouble) figures->gop_us / G_USEC_PER_SEC);
  return severity;
}

/* A key frame is five to ten times as large as another frame. */
static PublisherSeverity
look_for_short_gop (const PublisherFigures *figures, gchar *text)
{
  if (figures->gop_us == 0 || figures->gop_us > PUBLISHER_DOCTOR_SHORT_GOP_US)
    return PUBLISHER_FINDING_NONE;
  g_snprintf (text, TEXT_BYTES,
      "A key frame every %d ms: they take most of the bit rate, and the "
      "picture is worse than it could be. 1 to 2 s are best.",
      MS (figures->gop_us));
  return PUBLISHER_FINDING_MINOR;
}

/* Where every frame is late, the network is to blame. */
static PublisherSeverity
look_for_late_keys (const PublisherFigures *figures, gchar *text)
{
  if (figures->key_late_us < 2 * figures->mean_late_us)
    return PUBLISHER_FINDING_NONE;
  g_snprintf (text, TEXT_BYTES,
      "A key frame (%d kB) takes %d ms on the publisher's link: the picture "
      "stutters at each of them, or every viewer waits that long for all "
      "frames.",
      (gint) (figures->key_bytes / 1000), MS (figures->key_late_us));
  return exceeds (figures->key_late_us, PUBLISHER_DOCTOR_KEY_LATE_US,
      PUBLISHER_DOCTOR_KEY_VERY_LATE_US);
}

/* Any network carries a little. */
static PublisherSeverity
look_for_bursts (const PublisherFigures *figures, gchar *text)
{
  gint64 peak = figures->peak_bits_per_second;

  if (peak < PUBLISHER_DOCTOR_PEAK_BITS_PER_SECOND ||
      2 * peak < 5 * figures->bits_per_second)
    return PUBLISHER_FINDING_NONE;
  g_snprintf (text, TEXT_BYTES,
      "The bit rate bursts: %d kbit/s within a second, %d kbit/s on average. "
      "Networks that carry the average lose packets or fall behind in the "
      "peaks.",
      (gint) (peak / 1000), (gint) (figures->bits_per_second / 1000));
  return PUBLISHER_FINDING_MINOR;
}

/* A slice begins with a packet of its own, and predicts nothing from the
 * others. */
static PublisherSeverity
look_for_slices (const PublisherFigures *figures, gchar *text)
{
  if (figures->n_slices <= PUBLISHER_DOCTOR_SLICES)
    return PUBLISHER_FINDING_NONE;
  g_snprintf (text, TEXT_BYTES,
      "%d slices a picture: each costs bits and packets, and some hardware "
      "decoders are slow with them.",
      (gint) figures->n_slices);
  return figures->n_slices > PUBLISHER_DOCTOR_MANY_SLICES
      ? PUBLISHER_FINDING_MINOR
      : PUBLISHER_FINDING_INFO;
}

/* Browsers' jitter buffers grow with it and delay every frame. */
static PublisherSeverity
look_for_jitter (const PublisherFigures *figures, gchar *text)
{
  PublisherSeverity severity = exceeds (figures->jitter_us,
      PUBLISHER_DOCTOR_JITTER_US, PUBLISHER_DOCTOR_MUCH_JITTER_US);

  g_snprintf (text, TEXT_BYTES,
      "Frames arrive irregularly: jitter of %d ms, and one was %d ms late. "
      "The publisher's network or machine is too slow at times; all viewers "
      "see it.",
      MS (figures->jitter_us), MS (figures->max_late_us));
  return figures->max_late_us >= PUBLISHER_DOCTOR_STALL_US
      ? PUBLISHER_FINDING_MAJOR
      : severity;
}

/* With Nagle's algorithm, the end of a frame waits for an acknowledgement:
 * 40 ms on Linux, 200 ms on Windows; or for the next frame. After a stall,
 * frames arrive together anyway. */
static PublisherSeverity
look_for_clumps (const PublisherFigures *figures, gchar *text)
{
  gint64 n_groups = figures->n_frames - figures->n_clumped;
  gint64 group_us =
      n_groups > 0 ? figures->n_frames * figures->interval_us / n_groups : 0;

  if (figures->max_late_us >= PUBLISHER_DOCTOR_STALL_US ||
      percent (figures->n_clumped, figures->n_frames) <
          PUBLISHER_DOCTOR_CLUMPED_PERCENT)
    return PUBLISHER_FINDING_NONE;
  g_snprintf (text, TEXT_BYTES,
      "%d %% of the frames arrive together with the one before, in groups "
      "about %d ms apart: Nagle's algorithm at the publisher, a proxy or the "
      "encoder holds frames back.",
      (gint) percent (figures->n_clumped, figures->n_frames), MS (group_us));
  return PUBLISHER_FINDING_MINOR;
}

static PublisherSeverity
look_for_missing (const PublisherFigures *figures, gchar *text)
{
  gint64 share =
      percent (figures->n_missing, figures->n_frames + figures->n_missing);

  g_snprintf (text, TEXT_BYTES,
      "%d %% of the frames are missing, by their timestamps: the encoder is "
      "overloaded, or drops frames because its network is too slow.",
      (gint) share);
  return exceeds (share, PUBLISHER_DOCTOR_MISSING_PERCENT,
      PUBLISHER_DOCTOR_MANY_MISSING_PERCENT);
}

static PublisherSeverity
look_for_low_frame_rate (const PublisherFigures *figures, gchar *text)
{
  if (figures->codec == 0 ||
      figures->interval_us <= PUBLISHER_DOCTOR_INTERVAL_US)
    return PUBLISHER_FINDING_NONE;
  g_snprintf (text, TEXT_BYTES,
      "%.1f frames per second: motion judders, and each frame is %d ms late "
      "before it is even encoded.",
      (gdouble) G_USEC_PER_SEC / figures->interval_us,
      MS (figures->interval_us));
  return PUBLISHER_FINDING_MINOR;
}

/* A quartz is off by less than 100 ppm, and NTP corrects by at most 500. */
static PublisherSeverity
look_for_drift (const PublisherFigures *figures, gchar *text)
{
  gint64 drift_ppm = ABS (figures->drift_ppm);

  g_snprintf (text, TEXT_BYTES,
      "The timestamps run too %s, by %.2f %%: %.1f s an hour. Viewers' "
      "buffers %s.",
      figures->drift_ppm > 0 ? "slowly" : "fast", (gdouble) drift_ppm / 10000,
      (gdouble) drift_ppm * 36 / 10000,
      figures->drift_ppm > 0 ? "run empty" : "fill up");
  return exceeds (drift_ppm, PUBLISHER_DOCTOR_DRIFT_PPM,
      PUBLISHER_DOCTOR_MUCH_DRIFT_PPM);
}

/* ITU-R BT.1359: viewers notice sound that is 45 ms early or 125 ms late. What
 * arrives late has to be waited for. */
static PublisherSeverity
look_for_skew (const PublisherFigures *figures, gchar *text)
{
  g_snprintf (text, TEXT_BYTES,
      "The %s leaves the publisher %d ms after the %s of the same time: in "
      "sync, viewers see everything that much later.",
      figures->skew_us > 0 ? "sound" : "picture", MS (ABS (figures->skew_us)),
      figures->skew_us > 0 ? "picture" : "sound");
  return exceeds (ABS (figures->skew_us), PUBLISHER_DOCTOR_SKEW_US,
      PUBLISHER_DOCTOR_MUCH_SKEW_US);
}

/* Browsers decode H.264 of 8 bits and 4:2:0. */
static PublisherSeverity
look_at_profile (const PublisherFigures *figures, gchar *text)
{
  if (figures->codec != CODEC_H264)
    return PUBLISHER_FINDING_NONE;
  if (figures->profile == PROFILE_BASELINE) {
    g_snprintf (text, TEXT_BYTES,
        "H.264 Baseline: High needs 10 to 20 %% less bit rate for the same "
        "picture, and every browser plays it.");
    return PUBLISHER_FINDING_INFO;
  }
  if (figures->profile < PROFILE_HIGH_10)
    return PUBLISHER_FINDING_NONE;
  g_snprintf (text, TEXT_BYTES,
      "H.264 profile %d, with 10 bits or with other chroma than 4:2:0: no "
      "browser plays it, and the video has to be transcoded.",
      (gint) figures->profile);
  return PUBLISHER_FINDING_MAJOR;
}

static PublisherSeverity
look_at_codec (const PublisherFigures *figures, gchar *text)
{
  if (figures->codec == 0 || figures->codec == CODEC_H264)
    return PUBLISHER_FINDING_NONE;
  g_snprintf (text, TEXT_BYTES,
      "The video is not H.264: for browsers that lack its codec, it has to be "
      "transcoded.");
  return PUBLISHER_FINDING_INFO;
}

#define OBS_STREAMING "Settings → Output → Output Mode: Advanced → Streaming: "

static const Rule rules[] = {
  { "b-frames", look_for_b_frames,
      OBS_STREAMING "x264: Tune zerolatency; NVENC: B-Frames (Max B-frames) 0 "
                    "and Look-ahead off; QuickSync: B Frames 0, Latency "
                    "ultra-low; AMD: Max B-frames 0; Apple: Use B-Frames off",
      "-bf 0, or with libx264 -tune zerolatency" },
  { "long-gop", look_for_long_gop,
      OBS_STREAMING "Keyframe Interval 2 s (0 leaves it to the encoder)",
      "-g with twice the frame rate, for instance -g 60 at 30 frames per "
      "second" },
  { "short-gop", look_for_short_gop, OBS_STREAMING "Keyframe Interval 2 s",
      "-g with twice the frame rate, without -force_key_frames" },
  { "late-key-frames", look_for_late_keys,
      OBS_STREAMING "Rate Control CBR, a lower Bitrate; x264: Use Custom "
                    "Buffer Size with a Buffer Size of half the Bitrate; "
                    "NVENC: Multipass Mode Two Passes",
      "-b:v R -maxrate R -bufsize R/2, with a rate R well below that of the "
      "link" },
  { "bursts", look_for_bursts,
      OBS_STREAMING "Rate Control CBR; x264: Buffer Size no larger than the "
                    "Bitrate",
      "-maxrate and -bufsize equal to -b:v" },
  { "slices", look_for_slices,
      OBS_STREAMING "x264 Options threads=4 (with Tune zerolatency, each "
                    "thread encodes a slice); no slices=",
      "-threads 4 with -tune zerolatency; no -slices" },
  { "jitter", look_for_jitter,
      "Settings → Output: a lower Bitrate; a cable instead of Wi-Fi; Settings "
      "→ Advanced → Network: Enable TCP pacing off",
      "a lower -b:v; for files, -re before -i" },
  { "clumps", look_for_clumps,
      "Settings → Advanced → Network: Enable TCP pacing off; on Windows, "
      "Enable network optimizations on",
      "-tcp_nodelay 1 before the rtmp:// address" },
  { "missing-frames", look_for_missing,
      "View → Stats: if frames are missed or skipped due to lag, a faster "
      "preset (Settings → Output) or a lower FPS (Settings → Video); if they "
      "are dropped by the network, a lower Bitrate",
      "a faster -preset, a smaller size or a lower -r; -fps_mode cfr" },
  { "low-frame-rate", look_for_low_frame_rate,
      "Settings → Video → Common FPS Values: 30 or more", "-r 30" },
  { "clock-drift", look_for_drift,
      "Settings → Audio → Sample Rate: that of the sound device (48 kHz); in "
      "the properties of the sound source, Use Device Timestamps off",
      "-re before -i for files, -use_wallclock_as_timestamps 1 for captured "
      "input, -af aresample=async=1" },
  { "av-skew", look_for_skew,
      OBS_STREAMING "x264: Tune zerolatency; NVENC: Look-ahead off, Tuning "
                    "Low Latency; Edit → Advanced Audio Properties → Sync "
                    "Offset 0",
      "-tune zerolatency; no -itsoffset; both inputs from one device clock" },
  { "profile", look_at_profile,
      OBS_STREAMING "Profile high; Settings → Advanced → Video → Color Format "
                    "NV12",
      "-profile:v high -pix_fmt yuv420p; a -preset other than ultrafast" },
  { "codec", look_at_codec,
      OBS_STREAMING "Video Encoder x264, or another one of H.264",
      "-c:v libx264" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rules) <= PUBLISHER_DOCTOR_MAX_FINDINGS);

static const gchar *const severities[] = {
  [PUBLISHER_FINDING_INFO] = "info",
  [PUBLISHER_FINDING_MINOR] = "minor",
  [PUBLISHER_FINDING_MAJOR] = "major",
};

/* Adds what the rules find that is of @severity. */
static void
add_findings (PublisherDiagnosis *self, const PublisherFigures *figures,
    PublisherSeverity severity)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    PublisherFinding *finding = &self->findings[self->n_findings];

    if (rules[i].look (figures, finding->text) != severity)
      continue;
    finding->id = rules[i].id;
    finding->severity = severities[severity];
    finding->obs = rules[i].obs;
    finding->ffmpeg = rules[i].ffmpeg;
    self->n_findings++;
  }
}

gboolean
publisher_doctor_examine (PublisherDiagnosis *self,
    const PublisherFigures *figures)
{
  guint n_major, n_minor, n_lost;

  memset (self, 0, sizeof (*self));
  if (figures->measured_us < PUBLISHER_DOCTOR_SETTLED_US)
    return FALSE;
  add_findings (self, figures, PUBLISHER_FINDING_MAJOR);
  n_major = self->n_findings;
  add_findings (self, figures, PUBLISHER_FINDING_MINOR);
  n_minor = self->n_findings - n_major;
  add_findings (self, figures, PUBLISHER_FINDING_INFO);
  n_lost = 2 * n_major + n_minor;
  self->grade[0] = 'A' + MIN (n_lost, 'F' - 'A');
  return TRUE;
}
