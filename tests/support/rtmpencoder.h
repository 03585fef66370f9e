/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An encoder that talks to the session of an Owner, message by message, and
 * reads the replies as text. For tests of the session. */

#pragma once

#include "tests/support/rtmpowner.h"

G_BEGIN_DECLS

/* Fails the test unless S0, S1 and S2 are the reply, which it removes. */
void encoder_shake_hands (Owner *self);
/* The next three send a message each: see rtmptalk.h. */
void encoder_send_message (Owner *self, RtmpMessageType type,
    const guint8 *data, gsize size);
void encoder_send_command (Owner *self, const gchar *name, gdouble transaction,
    const gchar *argument);
void encoder_send_connect (Owner *self, const gchar *app, const gchar *url,
    gdouble caps);
/* Returns: a new owner, on whose session an encoder has connected to the app
 * "live" with the query "token=app". */
Owner encoder_connect (void);

/* Returns: (transfer full): what the session sent since the last call: types of
 * messages, and commands by name, transaction and code, each followed by a
 * blank. */
gchar *encoder_read_replies (Owner *self);
/* Fails the test unless that is @expected. */
void encoder_assert_replies (Owner *self, const gchar *expected);

G_END_DECLS
