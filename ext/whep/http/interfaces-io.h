/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The current addresses of this machine, listed at most once a second: it takes
 * as long as a tenth of an offer. Used by one thread. */

#pragma once

#include "ext/whep/http/candidates.h"

G_BEGIN_DECLS

typedef struct
{
  WhepCandidates listed;
  gint64 listed_us; /* 0: never */
} WhepInterfaces;

void whep_interfaces_init (WhepInterfaces *self, gboolean is_ipv4_only);
void whep_interfaces_clear (WhepInterfaces *self);

/* Adds the addresses of all interfaces that are up. */
void whep_interfaces_list (WhepInterfaces *self, WhepCandidates *candidates);

G_END_DECLS
