/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adapts descriptions to browsers: one table with one row per rule, each with
 * its reason and the test that verifies it. No other file here depends on the
 * browser: answers are written according to the RFCs and go through the table
 * like any other description.
 *
 * Rules depend on the contents of the description. The browser is identified by
 * its own description; the user agent is used only if that does not identify
 * it. Pure. */

#pragma once

#include "gst/sdp/offer.h"

G_BEGIN_DECLS

typedef enum
{
  SDP_BROWSER_GENERIC, /* only the rules for all browsers */
  SDP_BROWSER_CHROME,  /* and others whose SDP is libwebrtc's: Edge, … */
  SDP_BROWSER_FIREFOX,
  SDP_BROWSER_SAFARI,
} SdpBrowser;

/* Rules in the table; one count each in a report. */
#define SDP_N_RULES 10

typedef struct
{
  const gchar *name;
  const gchar *detects;
  const gchar *changes;
  const gchar *why;
  const gchar *source; /* where the problem is documented */
  const gchar *test;   /* in tests/check/sdp/browser.c */
} SdpRule;

/* The number of lines that each rule changed, in the order of the table. */
typedef struct
{
  guint n_lines[SDP_N_RULES];
} SdpReport;

typedef struct
{
  SdpBrowser browser;
  /* The offer that the description answers; NULL if it is an offer, or if the
   * offer is unknown. */
  const SdpOffer *offer;
  /* H.264: from the SPS that is sent; 0: use the one in the description. */
  guint32 profile_level_id;
  /* H.264: the ID to use for every format; 0: according to the table. */
  guint32 forced_profile_level_id;
  /* Comma-separated names of rules to skip; nullable. */
  const gchar *skipped;
} SdpMunging;

/* Identifies the browser that wrote @sdp by features that only its descriptions
 * have, or else by @user_agent (nullable). */
SdpBrowser sdp_browser_detect (const gchar *sdp, const gchar *user_agent);

/* Returns: (transfer full) (nullable): @sdp adapted to the browser, or NULL
 * with an %SDP_ERROR_MALFORMED that names the line. Everything that no rule
 * matches is kept byte for byte. */
gchar *sdp_browser_munge (const gchar *sdp, const SdpMunging *munging,
    SdpReport *report, GError **error);

/* Returns advice for viewers whose browser lacks a codec, such as "H.264". */
const gchar *sdp_browser_advice (SdpBrowser browser, const gchar *codec);

/* A row of the table; @index is below %SDP_N_RULES. */
const SdpRule *sdp_browser_rule (guint index);
/* Returns the number of rules that fired. */
guint sdp_report_count (const SdpReport *self);
/* Returns: (transfer full): one line per rule that fired, "NAME, N lines: why".
 */
gchar *sdp_report_to_text (const SdpReport *self);

G_END_DECLS
