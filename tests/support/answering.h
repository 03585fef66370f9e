/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An offer, the answer to it for a given stream, and the judge's verdict. */

#pragma once

#include "gst/sdp/answer.h"
#include "whepbench/sdpcheck.h"

G_BEGIN_DECLS

/* Parameters of a server with two addresses. */
SdpAnswerParams answering_params (const SdpCheckFacts *facts);

typedef struct
{
  SdpAnswer *answer;      /* nullable: rejected */
  const gchar *rejection; /* nullable: the error's name, see gst/sdp/error.h */
  gchar *breaches;        /* nullable: the rules that it breaks */
} Answering;

void answering_init (Answering *self, const gchar *offer, gsize size,
    const SdpCheckFacts *facts);
void answering_clear (Answering *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answering, answering_clear)

G_END_DECLS
