/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The directory of an rtmpwebrtcsink, as its properties describe it. */

#pragma once

#include "gst/directory/directory-io.h"

#include <gst/gst.h>

G_BEGIN_DECLS

/* @sink is an rtmpwebrtcsink with @whep, both of which must outlive it. Returns
 * FALSE, having posted an error, if its properties are wrong. @directory:
 * (nullable): NULL if it is to have none. */
gboolean gst_directory_open (GstElement *sink, GstElement *whep,
    Directory **directory);

G_END_DECLS
