/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The properties of a stream and its server that an application passes as a
 * GstStructure, converted to the parameters of an answer. */

#pragma once

#include "gst/sdp/answer.h"

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct
{
  SdpAnswerParams params; /* its strings belong to the structure */
  gchar **addresses;
} GstAnswerParams;

/* Fails with a %GST_LIBRARY_ERROR_SETTINGS that names the field. @self must be
 * cleared in either case. */
gboolean gst_answer_params_init (GstAnswerParams *self,
    const GstStructure *facts, GError **error);
void gst_answer_params_clear (GstAnswerParams *self);

/* Six hex digits; NULL and "" mean unset, which is 0. */
gboolean gst_answer_params_read_profile (const gchar *digits, guint32 *id,
    GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GstAnswerParams, gst_answer_params_clear)

G_END_DECLS
