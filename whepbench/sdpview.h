/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A description as the judge reads it: lines, m-sections and the words in them
 * (RFC 8866). Shares no code with gst/sdp, so that a mistake there is not
 * repeated here. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More than we answer; the judge rejects longer descriptions. */
#define SDP_VIEW_MAX_LINES 4096
#define SDP_VIEW_MAX_SECTIONS 64
#define SDP_VIEW_MAX_FORMATS 128

/* RFC 3550 section 5.1: seven bits. */
#define SDP_VIEW_N_PTS 128

/* The first line of an m-section for each payload type; nullable. */
typedef struct
{
  const gchar *rtpmap[SDP_VIEW_N_PTS];
  const gchar *fmtp[SDP_VIEW_N_PTS];
} SdpFormats;

/* Consecutive lines; [0] of an m-section is its m= line. */
typedef struct
{
  gchar **lines; /* of the view, NULL behind its last one */
  guint n_lines;
  SdpFormats *formats; /* NULL for the session */
} SdpPart;

typedef struct
{
  gchar *text;
  GPtrArray *lines;
  SdpPart session;
  SdpPart sections[SDP_VIEW_MAX_SECTIONS];
  guint n_sections;
} SdpView;

/* The words of an m= line. */
typedef struct
{
  gchar text[1024];
  const gchar *media, *port, *proto;
  const gchar *formats[SDP_VIEW_MAX_FORMATS];
  guint n_formats;
} SdpMediaLine;

/* White space at the end of a line is removed. Returns FALSE for a text that
 * exceeds the limits above. */
gboolean sdp_view_init (SdpView *self, const gchar *text, gsize size);
void sdp_view_clear (SdpView *self);

/* The text after @prefix in the first such line, or in the first from the
 * @at-th line on, which is set to the line after it. Returns: (nullable). */
const gchar *sdp_part_find (const SdpPart *self, const gchar *prefix);
const gchar *sdp_part_next (const SdpPart *self, const gchar *prefix,
    guint *at);
guint sdp_part_count (const SdpPart *self, const gchar *prefix);
gboolean sdp_part_has (const SdpPart *self, const gchar *line);
/* The text after "a=rtpmap:PT " and "a=fmtp:PT ". Returns: (nullable). */
const gchar *sdp_part_rtpmap (const SdpPart *self, const gchar *pt);
const gchar *sdp_part_fmtp (const SdpPart *self, const gchar *pt);

/* Returns FALSE for an m= line that cannot be parsed. */
gboolean sdp_part_read_media (const SdpPart *self, SdpMediaLine *media);
/* Port 0 without bundle-only means rejected or withdrawn. */
gboolean sdp_part_is_live (const SdpPart *self);
/* The m-section with that mid, of length @size. Returns: (nullable). */
const SdpPart *sdp_view_find_mid (const SdpView *self, const gchar *mid,
    gsize size);
/* Whether @word is one of the blank-separated @words. */
gboolean sdp_words_have (const gchar *words, const gchar *word, gsize size);

/* Copies the value of name= in a=fmtp. Returns FALSE if there is none. */
gboolean sdp_part_read_parameter (const SdpPart *self, const gchar *pt,
    const gchar *name, gchar *value, gsize size);

G_END_DECLS
