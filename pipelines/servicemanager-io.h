/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reports to the service manager that started the process, as sd_notify(3)
 * describes it. Without one, or if the program was built without libsystemd,
 * nothing happens. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns whether a service manager listens. */
gboolean service_manager_listens (void);

/* Reports that the servers are reachable. */
void service_manager_tell_ready (void);
/* Reports that the process is ending, which may take some time. */
void service_manager_tell_stopping (void);
/* Reports one line for `systemctl status`. */
void service_manager_tell_status (const gchar *status);
/* Reports that the process is alive. */
void service_manager_tell_alive (void);

/* Returns the time without such a report after which the service manager
 * restarts the process, in microseconds; 0: it does not watch the process. */
guint64 service_manager_watchdog_us (void);

G_END_DECLS
