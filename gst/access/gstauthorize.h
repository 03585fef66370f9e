/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The signals by which an application authorizes publishers and viewers. */

#pragma once

#include "gst/access/request.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* Installs a signal on @type with the arguments (app, key, query, address) of a
 * request. A handler returns NULL to allow it, else the reason why not; the
 * first handler that returns a reason decides. */
void gst_authorize_install_signal (GType type, const gchar *name);

/* Emits the signal. Returns: (transfer full) (nullable): NULL if no handler
 * rejects @request, else the reason. */
gchar *gst_authorize_emit (gpointer element, const gchar *name,
    const AccessRequest *request);

G_END_DECLS
