/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much of the video a viewer's network can carry, judged by reported loss.
 *
 * A publisher cannot be asked for a lower bitrate on one viewer's behalf. So a
 * viewer with heavy loss for several seconds is first not sent the frames that
 * no other frame refers to, then only key frames, and recovers one level at a
 * time. Embedded in the sender; pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of 256. A loss of more than a tenth that lasts this long is not a burst:
 * repairing it makes the congestion worse. */
#define WHEP_THINNING_LOSSY 26
#define WHEP_THINNING_LOSSY_US (3 * G_USEC_PER_SEC)
/* Of 256: a fiftieth, which repairs cope with easily. */
#define WHEP_THINNING_CLEAN 5
#define WHEP_THINNING_CLEAN_US (5 * G_USEC_PER_SEC)
/* If recovering a level fails right away, the next attempt waits twice as long,
 * up to this. */
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

/* Whether a frame is left out that is no key frame. @is_droppable: no other
 * refers to it. */
gboolean whep_thinning_drops (const WhepThinning *self, gboolean is_droppable);

/* Static: "all", "references", "keys". */
const gchar *whep_thinning_level_name (WhepThinningLevel level);

G_END_DECLS
