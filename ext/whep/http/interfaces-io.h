/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The addresses that this machine has at the moment. */

#pragma once

#include "ext/whep/http/candidates.h"

G_BEGIN_DECLS

/* Adds those of all interfaces that are up. */
void whep_interfaces_list (WhepCandidates *candidates);

G_END_DECLS
