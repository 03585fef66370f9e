/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each browser needs done differently: one table, a row a rule, with the
 * reason and the test that proves it. Nothing else in here knows browsers:
 * answers are written after the RFCs and go through the table like any other
 * description.
 *
 * Rules look at what the description says. Which browser it is for is told by
 * the browser's own description, and the user agent is asked only where that
 * says nothing. Pure. */

#pragma once

#include "gst/sdp/offer.h"

G_BEGIN_DECLS

typedef enum
{
  SDP_BROWSER_GENERIC, /* rules for all alone */
  SDP_BROWSER_CHROME,  /* and all that have libwebrtc's answers: Edge, … */
  SDP_BROWSER_FIREFOX,
  SDP_BROWSER_SAFARI,
} SdpBrowser;

/* Rules in the table; a bit each in a report. */
#define SDP_N_RULES 10

typedef struct
{
  const gchar *name;
  const gchar *detects;
  const gchar *changes;
  const gchar *why;
  const gchar *source; /* who found out */
  const gchar *test;   /* in tests/check/sdp/browser.c */
} SdpRule;

/* On how many lines each rule fired, in the order of the table. */
typedef struct
{
  guint n_lines[SDP_N_RULES];
} SdpReport;

typedef struct
{
  SdpBrowser browser;
  /* What the description answers; NULL: it is an offer, or nobody knows. */
  const SdpOffer *offer;
  /* H.264: of the SPS that is sent; 0: what the description says. */
  guint32 profile_level_id;
  /* What every H.264 format is to be called; 0: as the table says. */
  guint32 forced_profile_level_id;
  /* Names of rules that rest, with commas between; nullable. */
  const gchar *skipped;
} SdpMunging;

/* Whose description @sdp is, by what it says that nobody else does, or else by
 * @user_agent (nullable). */
SdpBrowser sdp_browser_detect (const gchar *sdp, const gchar *user_agent);

/* Returns: (transfer full) (nullable): @sdp as the browser needs it, or NULL
 * with an %SDP_ERROR_MALFORMED that names the line. What no rule is about stays
 * as it is, to the last byte. */
gchar *sdp_browser_munge (const gchar *sdp, const SdpMunging *munging,
    SdpReport *report, GError **error);

/* What may help if the browser lacks a codec, "H.264" and the like. */
const gchar *sdp_browser_advice (SdpBrowser browser, const gchar *codec);

/* A row of the table; @index is below %SDP_N_RULES. */
const SdpRule *sdp_browser_rule (guint index);
/* How many rules fired. */
guint sdp_report_count (const SdpReport *self);
/* Returns: (transfer full): a line a rule that fired, "NAME, N lines: why". */
gchar *sdp_report_to_text (const SdpReport *self);

G_END_DECLS
