/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shared by the parts of the judge of sdpcheck.h: the case, and the list of
 * breaches. */

#pragma once

#include "whepbench/sdpcheck.h"
#include "whepbench/sdpview.h"

G_BEGIN_DECLS

/* The place of a breach that concerns no m-section in particular. */
#define SDP_JUDGE_SESSION G_MAXUINT

typedef struct
{
  SdpView offer;
  SdpView answer;
  const SdpCheckFacts *facts;
  guint place;       /* the m-section under examination */
  const gchar *msid; /* of the last m-section, nullable */
  GString *breaches; /* nullable */
} SdpJudge;

/* An m-section of the offer and its answer. */
typedef struct
{
  const SdpPart *offered;
  const SdpPart *answered;
  SdpMediaLine offered_line;
  SdpMediaLine answered_line;
} SdpPair;

void sdp_judge_breach (SdpJudge *judge, const gchar *clause, const gchar *rule);
gboolean sdp_judge_receives (const SdpJudge *judge, const SdpPart *offered);
gboolean sdp_part_is_accepted (const SdpPart *self);

G_END_DECLS
