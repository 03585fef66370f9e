/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reports to the service manager that started the process, as sd_notify(3)
 * describes it. Without one, or if the program was built without libsystemd,
 * nothing happens. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether there is one that listens. */
gboolean service_manager_listens (void);

/* The servers are reachable. */
void service_manager_tell_ready (void);
/* The process is ending, and may take some time. */
void service_manager_tell_stopping (void);
/* One line for `systemctl status`. */
void service_manager_tell_status (const gchar *status);
/* The process is alive. */
void service_manager_tell_alive (void);

/* How often the service manager must hear that the process is alive before it
 * restarts it, in microseconds; 0: it does not watch. */
guint64 service_manager_watchdog_us (void);

G_END_DECLS
