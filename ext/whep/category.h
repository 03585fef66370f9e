/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A log category for a file that is no element and so has no class_init to make
 * it in: made on first use. Write WHEP_CATEGORY once, after the includes. */

#pragma once

#include <glib.h>
#include <gst/gstinfo.h>

#define WHEP_CATEGORY(name, description)                                       \
  static GstDebugCategory *category (void)                                     \
  {                                                                            \
    static gsize made = 0;                                                     \
                                                                               \
    if (g_once_init_enter (&made))                                             \
      g_once_init_leave (&made,                                                \
          (gsize) _gst_debug_category_new (name, 0, description));             \
    return (GstDebugCategory *) made;                                          \
  }                                                                            \
  struct _GstDebugCategory

#define GST_CAT_DEFAULT (category ())
