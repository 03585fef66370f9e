/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs a program that consists of one pipeline. */

#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Plays until SIGINT, SIGTERM or an error, which it prints. */
void play_until_interrupted (GstElement *pipeline);

G_END_DECLS
