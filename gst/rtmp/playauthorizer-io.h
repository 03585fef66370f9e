/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decides whether a player may play, by the rule of gst/access/authorizer-io.h,
 * as for viewers. Can be used from any thread. */

#pragma once

#include "gst/access/authorizer-io.h"

G_BEGIN_DECLS

typedef struct _RtmpPlayAuthorizer RtmpPlayAuthorizer;

/* @params: without the action. */
RtmpPlayAuthorizer *
rtmp_playauthorizer_new (const AccessAuthorizerParams *params, GError **error);
void rtmp_playauthorizer_free (RtmpPlayAuthorizer *self);

/* Both return: (transfer full) (nullable): NULL if the player may play, else
 * the reason why not. The second function waits for the answer of a server. */
gchar *rtmp_playauthorizer_check (RtmpPlayAuthorizer *self,
    const AccessRequest *request);
gchar *rtmp_playauthorizer_ask (RtmpPlayAuthorizer *self,
    const AccessRequest *request, GCancellable *cancellable);

G_END_DECLS
