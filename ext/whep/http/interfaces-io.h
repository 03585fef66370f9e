/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The current addresses of this machine. */

#pragma once

#include "ext/whep/http/candidates.h"

G_BEGIN_DECLS

/* Adds the addresses of all interfaces that are up. */
void whep_interfaces_list (WhepCandidates *candidates);

G_END_DECLS
