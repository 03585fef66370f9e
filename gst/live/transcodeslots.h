/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How many may decode and encode video at once: each takes a slot and gives it
 * back. Counted, for any thread, without a lock. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TranscodeSlots TranscodeSlots;

TranscodeSlots *transcode_slots_new (guint limit);
TranscodeSlots *transcode_slots_ref (TranscodeSlots *self);
void transcode_slots_unref (TranscodeSlots *self);

/* Who has a slot keeps it. */
void transcode_slots_set_limit (TranscodeSlots *self, guint limit);
guint transcode_slots_get_limit (TranscodeSlots *self);

/* @self may be NULL: then there is always one. */
gboolean transcode_slots_take (TranscodeSlots *self);
void transcode_slots_give_back (TranscodeSlots *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TranscodeSlots, transcode_slots_unref)

G_END_DECLS
