/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An offer answered for some stream, and the judge's word on it. */

#pragma once

#include "gst/sdp/answer.h"
#include "tests/support/sdpcheck.h"

G_BEGIN_DECLS

/* Two addresses and whatever else a server has. */
SdpAnswerParams answering_params (const SdpCheckFacts *facts);

typedef struct
{
  SdpAnswer *answer;    /* nullable: refused */
  const gchar *refusal; /* nullable: its name, see gst/sdp/error.h */
  gchar *breaches;      /* nullable: what the judge has to say */
} Answering;

void answering_init (Answering *self, const gchar *offer, gsize size,
    const SdpCheckFacts *facts);
void answering_clear (Answering *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answering, answering_clear)

G_END_DECLS
