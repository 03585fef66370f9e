/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much of the video a viewer's network bears, by what it reports lost.
 *
 * A publisher can't be asked for a lower bitrate on one viewer's behalf. So a
 * viewer that loses much for seconds is first spared the frames that no other
 * refers to, then all but key frames, and gets back a step at a time. Embedded
 * in the sender; pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of 256. More than a tenth lost for so long is no burst: repairs for it make
 * the network's trouble worse. */
#define WHEP_THINNING_LOSSY 26
#define WHEP_THINNING_LOSSY_US (3 * G_USEC_PER_SEC)
/* Of 256: a fiftieth, which repairs bear easily. */
#define WHEP_THINNING_CLEAN 5
#define WHEP_THINNING_CLEAN_US (5 * G_USEC_PER_SEC)
/* A step back that failed at once makes the next one wait twice as long, up to
 * this. */
#define WHEP_THINNING_CLEAN_MAX_US (60 * G_USEC_PER_SEC)

typedef enum
{
  WHEP_THINNING_NONE,
  WHEP_THINNING_REFERENCES, /* frames that others refer to */
  WHEP_THINNING_KEYS,       /* key frames */
} WhepThinningLevel;

typedef struct
{
  WhepThinningLevel level;
  gint64 lossy_since_us; /* 0: it is not */
  gint64 clean_since_us; /* 0: it is not */
  gint64 clean_needed_us;
  gint64 eased_us; /* when the level last got better; 0: never */
} WhepThinning;

void whep_thinning_init (WhepThinning *self);

/* The viewer reported that @fraction_lost of 256 packets were lost since its
 * last report. Returns whether the level changed. */
gboolean whep_thinning_report (WhepThinning *self, guint8 fraction_lost,
    gint64 now_us);

/* Static: "all", "references", "keys". */
const gchar *whep_thinning_level_name (WhepThinningLevel level);

G_END_DECLS
