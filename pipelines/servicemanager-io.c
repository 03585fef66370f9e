/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reports to the service manager: see servicemanager-io.h. */

#include "pipelines/servicemanager-io.h"

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

/* Errors are ignored, as sd_notify(3) advises: a missing service manager does
 * not affect the program. */
static void
notify (const gchar *assignment)
{
#ifdef HAVE_SYSTEMD
  sd_notify (FALSE, assignment);
#endif
}

gboolean
service_manager_listens (void)
{
#ifdef HAVE_SYSTEMD
  return g_getenv ("NOTIFY_SOCKET") != NULL;
#else
  return FALSE;
#endif
}

void
service_manager_tell_ready (void)
{
  notify ("READY=1");
}

void
service_manager_tell_stopping (void)
{
  notify ("STOPPING=1");
}

void
service_manager_tell_status (const gchar *status)
{
  g_autofree gchar *assignment = g_strconcat ("STATUS=", status, NULL);

  notify (assignment);
}

void
service_manager_tell_alive (void)
{
  notify ("WATCHDOG=1");
}

guint64
service_manager_watchdog_us (void)
{
#ifdef HAVE_SYSTEMD
  guint64 watchdog_us;

  if (sd_watchdog_enabled (FALSE, &watchdog_us) > 0)
    return watchdog_us;
#endif
  return 0;
}
