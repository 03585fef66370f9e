/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The encoder doctor: what is wrong with a publisher's stream, how much that
 * matters to viewers, and the setting to change. Pure. */

#pragma once

#include "gst/publisher/figures.h"

G_BEGIN_DECLS

/* Before that, an encoder is still finding its rate. */
#define PUBLISHER_DOCTOR_SETTLED_US (5 * G_USEC_PER_SEC)

/* Reasons for the limits are in docs/rtmp.md and doctor.c. */
#define PUBLISHER_DOCTOR_GOP_US (4 * G_USEC_PER_SEC)
#define PUBLISHER_DOCTOR_LONG_GOP_US (8 * G_USEC_PER_SEC)
#define PUBLISHER_DOCTOR_SHORT_GOP_US (G_USEC_PER_SEC / 2)
#define PUBLISHER_DOCTOR_KEY_LATE_US (100 * 1000)
#define PUBLISHER_DOCTOR_KEY_VERY_LATE_US (300 * 1000)
#define PUBLISHER_DOCTOR_PEAK_BITS_PER_SECOND 2000000
#define PUBLISHER_DOCTOR_SLICES 4
#define PUBLISHER_DOCTOR_MANY_SLICES 8
#define PUBLISHER_DOCTOR_JITTER_US (30 * 1000)
#define PUBLISHER_DOCTOR_MUCH_JITTER_US (100 * 1000)
#define PUBLISHER_DOCTOR_STALL_US (500 * 1000)
#define PUBLISHER_DOCTOR_CLUMPED_PERCENT 20
#define PUBLISHER_DOCTOR_MISSING_PERCENT 1
#define PUBLISHER_DOCTOR_MANY_MISSING_PERCENT 10
#define PUBLISHER_DOCTOR_INTERVAL_US (50 * 1000)
#define PUBLISHER_DOCTOR_DRIFT_PPM 500
#define PUBLISHER_DOCTOR_MUCH_DRIFT_PPM 5000
#define PUBLISHER_DOCTOR_SKEW_US (100 * 1000)
#define PUBLISHER_DOCTOR_MUCH_SKEW_US (500 * 1000)

typedef enum
{
  PUBLISHER_FINDING_NONE,
  PUBLISHER_FINDING_INFO,  /* worth knowing; costs no grade */
  PUBLISHER_FINDING_MINOR, /* costs one grade */
  PUBLISHER_FINDING_MAJOR, /* costs two */
} PublisherSeverity;

#define PUBLISHER_FINDING_MAX_BYTES 255
#define PUBLISHER_DOCTOR_MAX_FINDINGS 16

typedef struct
{
  const gchar *id; /* static, as are the next three */
  const gchar *severity;
  const gchar *obs;    /* the setting in OBS Studio */
  const gchar *ffmpeg; /* the options of ffmpeg */
  gchar text[PUBLISHER_FINDING_MAX_BYTES + 1];
} PublisherFinding;

typedef struct
{
  gchar grade[2]; /* "A" to "F" */
  guint n_findings;
  PublisherFinding findings[PUBLISHER_DOCTOR_MAX_FINDINGS];
} PublisherDiagnosis;

/* Returns FALSE while too little has been measured. The most severe findings
 * come first. */
gboolean publisher_doctor_examine (PublisherDiagnosis *self,
    const PublisherFigures *figures);

G_END_DECLS
