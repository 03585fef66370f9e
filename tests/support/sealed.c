/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A record of all packets that are encrypted as SRTP: see sealed.h. */

#include "tests/support/sealed.h"
#include "ext/whep/viewer/srtp.h"
#include "whepbench/reception.h"

#include <string.h>

/* All sequence numbers of 16 bits: nothing older can be asked for. */
#define N_SLOTS 65536
#define RTX_PREFIX 2

typedef struct
{
  guint run;   /* that the packet belongs to; 0: none */
  gint n_asks; /* not answered yet */
  guint64 index;
  guint64 hash;      /* of the payload */
  guint64 bare_hash; /* without the padding */
  guint64 extension_hash;
  guint32 rtp_time;
  guint16 size;
  guint16 bare_size;
  gboolean is_marked;
} Slot;

/* The record of one SSRC. */
typedef struct
{
  guint32 ssrc;
  gboolean has_sealed;
  guint64 newest;
  Slot *slots;
} Record;

typedef struct
{
  Record own;
  Record rtx;
  IrregularMark last;
  guint32 last_rtp_time;
} Track;

static guint32 seed;
static guint run;
static Track tracks[WHEP_N_TRACKS];
static SealedCounts counts;
static gchar *first_wrong;

static void G_GNUC_PRINTF (2, 3)
    blame (guint64 *count, const gchar *format, ...)
{
  va_list args;

  (*count)++;
  if (first_wrong != NULL)
    return;
  va_start (args, format);
  first_wrong = g_strdup_vprintf (format, args);
  va_end (args);
}

static void
begin_record (Record *record, guint32 ssrc)
{
  Slot *slots = record->slots;

  if (slots == NULL)
    slots = g_new0 (Slot, N_SLOTS);
  *record = (Record){ .ssrc = ssrc, .slots = slots };
}

void
sealed_begin (const SealedSource sources[WHEP_N_TRACKS], guint32 its_seed)
{
  run++;
  seed = its_seed;
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    begin_record (&tracks[i].own, sources[i].ssrc);
    begin_record (&tracks[i].rtx, sources[i].rtx_ssrc);
  }
}

void
sealed_reset (void)
{
  counts = (SealedCounts){ 0 };
  g_clear_pointer (&first_wrong, g_free);
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    g_clear_pointer (&tracks[i].own.slots, g_free);
    g_clear_pointer (&tracks[i].rtx.slots, g_free);
  }
}

/* Returns: (nullable): the packet encrypted with @index. */
static Slot *
get (const Record *record, guint64 index)
{
  Slot *slot = &record->slots[index % N_SLOTS];

  return slot->run == run && slot->index == index ? slot : NULL;
}

/* Returns: (nullable): the newest packet whose number ends in @seq. */
static Slot *
get_newest (const Record *record, guint16 seq)
{
  guint16 age = (guint16) record->newest - seq;

  if (!record->has_sealed || age > record->newest)
    return NULL;
  return get (record, record->newest - age);
}

gboolean
sealed_pick (WhepTrackKind kind, guint n_newest, GRand *rand, guint16 *seq)
{
  const Record *record = &tracks[kind].own;

  if (!record->has_sealed)
    return FALSE;
  *seq = record->newest - g_rand_int_range (rand, 0, n_newest);
  return TRUE;
}

void
sealed_ask (WhepTrackKind kind, guint16 seq)
{
  Slot *slot = get_newest (&tracks[kind].own, seq);

  counts.n_asked++;
  if (slot != NULL)
    slot->n_asks++;
}

const SealedCounts *
sealed_counts (void)
{
  return &counts;
}

void
sealed_check (void)
{
  if (first_wrong != NULL)
    g_error ("seed %u: %s", seed, first_wrong);
}

/* The packet continues the frame, or is the start of a later frame after a
 * complete one, or the start of a key frame. */
static gboolean
may_follow (const IrregularMark *last, const IrregularMark *mark)
{
  if (mark->is_audio)
    return mark->epoch != last->epoch || mark->frame > last->frame;
  if (mark->index > 0)
    return mark->epoch == last->epoch && mark->frame == last->frame &&
        mark->index == last->index + 1;
  if (mark->is_key)
    return TRUE;
  return mark->epoch == last->epoch && last->is_last &&
      mark->frame > last->frame;
}

static void
check_turn (Track *track, const Slot *slot, const guint8 *payload)
{
  IrregularMark mark;
  gint32 step = slot->rtp_time - track->last_rtp_time;

  memcpy (&mark, payload, sizeof (mark));
  if (track->own.has_sealed && !may_follow (&track->last, &mark))
    blame (&counts.n_out_of_turn,
        "index %" G_GUINT64_FORMAT ": frame %u.%u of epoch %u after %u.%u of "
        "epoch %u",
        slot->index, mark.frame, mark.index, mark.epoch, track->last.frame,
        track->last.index, track->last.epoch);
  if (track->own.has_sealed &&
      (mark.index > 0 && !mark.is_audio ? step != 0 : step <= 0))
    blame (&counts.n_back, "index %" G_GUINT64_FORMAT ": RTP time steps by %d",
        slot->index, step);
  track->last = mark;
  track->last_rtp_time = slot->rtp_time;
}

static void
seal_first (Track *track, const Slot *sealed, const guint8 *payload)
{
  Record *own = &track->own;

  check_turn (track, sealed, payload);
  if (own->has_sealed && sealed->index >> 16 != own->newest >> 16)
    counts.n_rollovers++;
  if (own->has_sealed && sealed->index != own->newest + 1)
    blame (&counts.n_out_of_turn,
        "index %" G_GUINT64_FORMAT " after %" G_GUINT64_FORMAT, sealed->index,
        own->newest);
  own->slots[sealed->index % N_SLOTS] = *sealed;
  own->has_sealed = TRUE;
  own->newest = sealed->index;
  counts.n_first++;
}

static gboolean
has_same_header (const Slot *a, const Slot *b)
{
  return a->extension_hash == b->extension_hash && a->rtp_time == b->rtp_time &&
      a->is_marked == b->is_marked;
}

static gboolean
is_same (const Slot *a, const Slot *b)
{
  return a->hash == b->hash && a->size == b->size && has_same_header (a, b);
}

/* RFC 4588 section 4: the padding is removed. */
static gboolean
is_retransmission (const Slot *sealed, const Slot *lost)
{
  return sealed->hash == lost->bare_hash && sealed->size == lost->bare_size &&
      has_same_header (sealed, lost);
}

static void
answer (Slot *lost)
{
  if (lost->n_asks == 0)
    blame (&counts.n_unasked,
        "index %" G_GUINT64_FORMAT " is repaired more often than requested",
        lost->index);
  else
    lost->n_asks--;
}

static void
seal_again (Slot *lost, const Slot *sealed)
{
  if (!is_same (lost, sealed))
    blame (&counts.n_reused,
        "index %" G_GUINT64_FORMAT " is encrypted with two contents",
        sealed->index);
  answer (lost);
  counts.n_again++;
}

/* RFC 4588 section 4 */
static void
seal_rtx (Track *track, Slot *sealed, const guint8 *payload)
{
  Slot *lost =
      get_newest (&track->own, (guint16) (payload[0] << 8 | payload[1]));
  gboolean is_new = get (&track->rtx, sealed->index) == NULL;

  track->rtx.slots[sealed->index % N_SLOTS] = *sealed;
  counts.n_rtx++;
  if (!is_new)
    blame (&counts.n_reused,
        "index %" G_GUINT64_FORMAT " of the retransmissions is sent twice",
        sealed->index);
  sealed->size -= RTX_PREFIX;
  sealed->hash = payload_hash (payload + RTX_PREFIX, sealed->size);
  if (lost == NULL || !is_retransmission (sealed, lost))
    blame (&counts.n_wrong,
        "the retransmission of %u is not what was sent as that",
        payload[0] << 8 | payload[1]);
  else
    answer (lost);
}

static void
note (const guint8 *header, gsize header_size, const guint8 *payload,
    gsize size, guint32 roc)
{
  RtpPacket rtp;
  Slot sealed = { .run = run, .size = size };

  if (!rtp_parse (&rtp, header, header_size))
    g_error ("seed %u: an encrypted packet has no RTP header", seed);
  sealed.index = (guint64) roc << 16 | rtp.seq;
  sealed.rtp_time = rtp.rtp_time;
  sealed.is_marked = rtp.is_marked;
  sealed.extension_hash = payload_hash (rtp.extension, rtp.extension_size);
  sealed.hash = payload_hash (payload, size);
  sealed.bare_size = size - (rtp.is_padded ? payload[size - 1] : 0);
  sealed.bare_hash = payload_hash (payload, sealed.bare_size);
  for (guint i = 0; i < WHEP_N_TRACKS; i++) {
    Track *track = &tracks[i];
    Slot *before = get (&track->own, sealed.index);

    if (rtp.ssrc == track->rtx.ssrc)
      seal_rtx (track, &sealed, payload);
    else if (rtp.ssrc == track->own.ssrc && before != NULL)
      seal_again (before, &sealed);
    else if (rtp.ssrc == track->own.ssrc)
      seal_first (track, &sealed, payload);
  }
}

gsize __real_whep_srtp_seal_rtp (WhepSrtp *srtp, const guint8 *header,
    gsize header_size, const guint8 *payload, gsize payload_size, guint32 roc,
    guint8 *out);
gsize __wrap_whep_srtp_seal_rtp (WhepSrtp *srtp, const guint8 *header,
    gsize header_size, const guint8 *payload, gsize payload_size, guint32 roc,
    guint8 *out);

gsize
__wrap_whep_srtp_seal_rtp (WhepSrtp *srtp, const guint8 *header,
    gsize header_size, const guint8 *payload, gsize payload_size, guint32 roc,
    guint8 *out)
{
  note (header, header_size, payload, payload_size, roc);
  return __real_whep_srtp_seal_rtp (srtp, header, header_size, payload,
      payload_size, roc, out);
}
