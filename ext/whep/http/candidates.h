/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The addresses that an answer names as candidates, the likeliest first.
 * Pure. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A browser checks each of them: more would only slow it down. */
#define WHEP_CANDIDATES_MAX 32

typedef struct
{
  gchar *texts[WHEP_CANDIDATES_MAX + 1]; /* NULL-terminated */
  guint n_texts;
  gboolean is_ipv4_only;
} WhepCandidates;

void whep_candidates_init (WhepCandidates *self, gboolean is_ipv4_only);
void whep_candidates_clear (WhepCandidates *self);

/* Adds a literal address, behind those that are there; 127.0.0.1 stays the
 * last. Does nothing if it is there already, if no browser could reach it
 * (unspecified, multicast, link-local IPv6, ::1), or if the list is full.
 * Returns FALSE if @text is no address at all. */
gboolean whep_candidates_add (WhepCandidates *self, const gchar *text);

G_END_DECLS
