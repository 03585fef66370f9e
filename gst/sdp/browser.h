/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each browser needs done differently to a description that it is about to
 * get: one table, a row a rule, with the reason and the test that proves it.
 *
 * Rules look at what the description says. Which browser it is, is asked only
 * where nothing in there tells. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  SDP_BROWSER_GENERIC, /* rules for all alone */
  SDP_BROWSER_CHROME,  /* and all that have libwebrtc's answers: Edge, … */
  SDP_BROWSER_FIREFOX,
  SDP_BROWSER_SAFARI,
} SdpBrowser;

#define SDP_MUNGE_MAX_BYTES (256 * 1024)
#define SDP_MUNGE_MAX_LINES 8192

typedef struct
{
  const gchar *name;
  const gchar *why;
  const gchar *source; /* who found out */
  const gchar *test;   /* in tests/check/core/browser.c */
} SdpRule;

/* Which rules fired, and on how many lines. */
typedef struct
{
  const SdpRule *rule;
  guint n_lines;
} SdpRuleReport;

/* Whose it is, by what an offer says that nobody else does, or else by
 * @user_agent (nullable). */
SdpBrowser sdp_browser_detect (const gchar *sdp, const gchar *user_agent);

/* Returns: (transfer full) (nullable): @sdp as @browser needs it, with CRLF
 * lines, or NULL with an %SDP_ERROR_MALFORMED that names the line. Lines that
 * no rule is about stay as they are. @reports gets a SdpRuleReport for each
 * rule that fired. */
gchar *sdp_browser_munge (const gchar *sdp, SdpBrowser browser, GArray *reports,
    GError **error);

/* The table, for the documentation and the tests; NULL behind the last. */
const SdpRule *sdp_browser_rule (guint index);

G_END_DECLS
