/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A hundred thousand offers that were tampered with: lines dropped, duplicated,
 * moved and truncated, numbers swapped. Each is answered according to the RFCs,
 * with a payload type that was offered for the stream's codec, or rejected for
 * a valid reason. The sanitizers check for leaks. */

#include "tests/support/answering.h"
#include "tests/support/browseroffer.h"

#include <gst/check/gstcheck.h>
#include <string.h>

/* AddressSanitizer, which takes ten times as long, gets fewer. */
#ifdef __SANITIZE_ADDRESS__
#define N_OFFERS 20000
#else
#define N_OFFERS 100000
#endif
/* Each case runs in a separate process, so that a crash identifies its
 * seeds. */
#define N_CASES 20
#define MAX_CHANGES 4
#define MAX_LINES 512

static const gchar *const players[] = { "chrome-android-2020",
  "chrome-windows-2026-07", "chromium-102-webengine", "chromium-156-linux",
  "chromium-87-webengine", "firefox-153-linux", "firefox-153-no-h264",
  "safari-26.5.2-macos", "safari-macos-2020", "made/aiortc",
  "made/chrome-data-first-two-videos", "made/chrome-reserved-ids",
  "made/chrome-two-byte-ids", "made/firefox-46", "made/firefox-bundle-only",
  "made/firefox-talkback-bundle-only", "made/libdatachannel", "made/mixed-case",
  "made/pion", "made/safari-ios-2025", "made/webrtcbin" };

static const SdpCheckFacts streams[] = {
  { "H264", "OPUS", 0x42c01f },
  { "H264", "PCMA", 0x640028 },
  { "H264", "OPUS", 0x4d4028 },
  { NULL, NULL, 0 },
  { "VP9", "PCMU", 0 },
  { "AV1", "OPUS", 0 },
  { "H265", "OPUS", 0 },
};

/* A line within a text that is owned elsewhere. */
typedef struct
{
  const gchar *text;
  guint size;
} Line;

typedef struct
{
  Line lines[MAX_LINES];
  guint n_lines;
} Lines;

/* Room for a few changed lines. */
#define SPARE_BYTES 8192

typedef struct
{
  Lines lines;
  gchar spare[SPARE_BYTES];
  guint n_spare;
} Offer;

static Lines *
lines_new (const gchar *text)
{
  Lines *self = g_new0 (Lines, 1);

  while (*text != '\0') {
    guint size = strcspn (text, "\r\n");

    g_assert (self->n_lines < MAX_LINES);
    self->lines[self->n_lines++] = (Line){ text, size };
    text += size;
    text += strspn (text, "\r\n");
  }
  return self;
}

static void
drop (Offer *self, guint at, guint to)
{
  Lines *lines = &self->lines;

  lines->n_lines--;
  memmove (lines->lines + at, lines->lines + at + 1,
      (lines->n_lines - at) * sizeof (Line));
}

static void
copy (Offer *self, guint at, guint to)
{
  Lines *lines = &self->lines;
  Line line = lines->lines[at];

  if (lines->n_lines >= MAX_LINES)
    return;
  memmove (lines->lines + to + 1, lines->lines + to,
      (lines->n_lines - to) * sizeof (Line));
  lines->lines[to] = line;
  lines->n_lines++;
}

static void
move (Offer *self, guint at, guint to)
{
  copy (self, at, to);
  drop (self, at + (to <= at), 0);
}

static void
cut (Offer *self, guint at, guint to)
{
  Line *line = &self->lines.lines[at];

  line->size = to % (line->size + 1);
}

/* The position of the @index-th number of a line, or the end of the line. */
static guint
find_number (const Line *line, guint index)
{
  guint at = 0;

  while (at < line->size) {
    gboolean begins = g_ascii_isdigit (line->text[at]) &&
        (at == 0 || !g_ascii_isalnum (line->text[at - 1]));

    if (begins && index-- == 0)
      return at;
    at++;
  }
  return at;
}

static guint
number_size (const Line *line, guint at)
{
  guint size = 0;

  while (at + size < line->size && g_ascii_isdigit (line->text[at + size]))
    size++;
  return size;
}

static void
add_spare (Offer *self, const gchar *text, guint size)
{
  memcpy (self->spare + self->n_spare, text, size);
  self->n_spare += size;
}

/* Replaces a number of one line with the first number of another. */
static void
swap_number (Offer *self, guint at, guint to)
{
  const Line *from = &self->lines.lines[to];
  Line *line = &self->lines.lines[at];
  guint start = find_number (line, to % 3);
  guint other = find_number (from, 0);
  guint begin = self->n_spare;

  if (start == line->size || begin + line->size + from->size > SPARE_BYTES)
    return;
  add_spare (self, line->text, start);
  add_spare (self, from->text + other, number_size (from, other));
  start += number_size (line, start);
  add_spare (self, line->text + start, line->size - start);
  *line = (Line){ self->spare + begin, self->n_spare - begin };
}

static void (*const changes[]) (Offer *, guint, guint) = { drop, copy, move,
  cut, swap_number };

static gchar *
lines_to_text (const Lines *self, gsize *size)
{
  gchar *text, *end;

  *size = 0;
  for (guint i = 0; i < self->n_lines; i++)
    *size += self->lines[i].size + 2;
  text = end = g_malloc (*size + 1);
  for (guint i = 0; i < self->n_lines; i++) {
    memcpy (end, self->lines[i].text, self->lines[i].size);
    end += self->lines[i].size;
    *end++ = '\r';
    *end++ = '\n';
  }
  *end = '\0';
  return text;
}

/* A small generator, because seeding a GRand takes longer than answering an
 * offer. */
static guint
draw (guint64 *state, guint below)
{
  *state = *state * G_GUINT64_CONSTANT (6364136223846793005) +
      G_GUINT64_CONSTANT (1442695040888963407);
  return (*state >> 33) % below;
}

static gchar *
tamper (const Lines *original, guint64 *state, gsize *size)
{
  guint n_changes = 1 + draw (state, MAX_CHANGES);
  Offer offer;

  offer.lines = *original;
  offer.n_spare = 0;
  for (guint i = 0; i < n_changes && offer.lines.n_lines > 1; i++) {
    guint change = draw (state, G_N_ELEMENTS (changes));
    guint at = draw (state, offer.lines.n_lines);

    changes[change](&offer, at, draw (state, offer.lines.n_lines));
  }
  return lines_to_text (&offer.lines, size);
}

/* Returns: whether it was answered. */
static gboolean
try_offer (const Lines *original, guint seed)
{
  const SdpCheckFacts *facts = &streams[seed % G_N_ELEMENTS (streams)];
  guint64 state = seed;
  gsize size;
  g_autofree gchar *text = tamper (original, &state, &size);
  g_auto (Answering) answering = { 0 };

  answering_init (&answering, text, size, facts);
  if (answering.breaches != NULL)
    g_printerr ("%s%s", text,
        answering.answer != NULL ? answering.answer->text : "");
  ck_assert_msg (answering.breaches == NULL, "seed %u: %s", seed,
      answering.breaches);
  return answering.answer != NULL;
}

GST_START_TEST (a_tampered_offer_is_answered_by_the_rfcs_or_rejected)
{
  const guint n_seeds = N_OFFERS / N_CASES;
  gchar *texts[G_N_ELEMENTS (players)];
  Lines *originals[G_N_ELEMENTS (players)];
  guint n_answered = 0;

  for (guint i = 0; i < G_N_ELEMENTS (players); i++) {
    texts[i] = browser_offer_load (players[i]);
    originals[i] = lines_new (texts[i]);
  }
  for (guint i = 0; i < n_seeds; i++) {
    guint seed = __i__ * n_seeds + i;

    n_answered += try_offer (originals[seed % G_N_ELEMENTS (players)], seed);
  }
  /* Neither is too rare to be meaningful. */
  ck_assert_uint_gt (n_answered, n_seeds / 4);
  ck_assert_uint_lt (n_answered, n_seeds * 3 / 4);
  for (guint i = 0; i < G_N_ELEMENTS (players); i++) {
    g_free (originals[i]);
    g_free (texts[i]);
  }
}
GST_END_TEST;

static Suite *
tampering_suite (void)
{
  Suite *suite = suite_create ("tampering");
  TCase *tcase = tcase_create ("tampering");

  suite_add_tcase (suite, tcase);
  tcase_add_loop_test (tcase,
      a_tampered_offer_is_answered_by_the_rfcs_or_rejected, 0, N_CASES);
  return suite;
}

GST_CHECK_MAIN (tampering);
