/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names and addresses that a local network may know this machine by. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A machine with more has them for other purposes. */
#define NET_MACHINENAMES_MAX 64

/* Returns: (transfer full): the host's name, the same with ".local" (RFC 6762),
 * "localhost", and the addresses of all interfaces, each once. IPv6 addresses
 * that are link-local or temporary (RFC 8981) are left out. */
GStrv net_machinenames_list (void);

G_END_DECLS
