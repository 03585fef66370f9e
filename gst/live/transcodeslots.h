/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Limits how many videos are transcoded at once: each one takes a slot and
 * gives it back. Reference-counted and lock-free, for any thread. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TranscodeSlots TranscodeSlots;

TranscodeSlots *transcode_slots_new (guint limit);
TranscodeSlots *transcode_slots_ref (TranscodeSlots *self);
void transcode_slots_unref (TranscodeSlots *self);

/* Slots that are taken are not affected. */
void transcode_slots_set_limit (TranscodeSlots *self, guint limit);
guint transcode_slots_get_limit (TranscodeSlots *self);

/* If @self is NULL, there is always a slot. */
gboolean transcode_slots_take (TranscodeSlots *self);
void transcode_slots_give_back (TranscodeSlots *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TranscodeSlots, transcode_slots_unref)

G_END_DECLS
