/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a player may play: the rule of gst/access/authorizer-io.h, as for
 * viewers. Any thread may call. */

#pragma once

#include "gst/access/authorizer-io.h"

G_BEGIN_DECLS

typedef struct _RtmpPlayAuthorizer RtmpPlayAuthorizer;

/* As access_authorizer_new(). */
RtmpPlayAuthorizer *rtmp_playauthorizer_new (const gchar *keys,
    const gchar *hook, GError **error);
void rtmp_playauthorizer_free (RtmpPlayAuthorizer *self);

/* Both return: (transfer full) (nullable): NULL if it may play, else why not.
 * The second waits for its answer. */
gchar *rtmp_playauthorizer_check (RtmpPlayAuthorizer *self,
    const AccessRequest *request);
gchar *rtmp_playauthorizer_ask (RtmpPlayAuthorizer *self,
    const AccessRequest *request, GCancellable *cancellable);

G_END_DECLS
