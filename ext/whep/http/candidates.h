/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The candidate addresses of an answer, most likely first. Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A browser checks each of them, so more would only slow it down. */
#define WHEP_CANDIDATES_MAX 32

typedef struct
{
  gchar *texts[WHEP_CANDIDATES_MAX + 1]; /* NULL-terminated */
  guint n_texts;
  gboolean is_ipv4_only;
} WhepCandidates;

void whep_candidates_init (WhepCandidates *self, gboolean is_ipv4_only);
void whep_candidates_clear (WhepCandidates *self);

/* Appends a literal address; 127.0.0.1 stays last. Does nothing if the address
 * is in the list already, if no browser could reach it (unspecified, multicast,
 * link-local IPv6, ::1), or if the list is full. Returns FALSE if @text is not
 * an address. */
gboolean whep_candidates_add (WhepCandidates *self, const gchar *text);

/* Returns FALSE if one of the NULL-terminated @texts is neither an address nor
 * empty. */
gboolean whep_candidates_check (const gchar *const *texts, GError **error);

G_END_DECLS
