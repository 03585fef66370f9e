/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A description being edited line by line. Unchanged lines are written byte for
 * byte as they were read. Pure. */

#pragma once

#include "gst/sdp/sdptext.h"

G_BEGIN_DECLS

#define SDP_DOCUMENT_MAX_BYTES (256 * 1024)
#define SDP_DOCUMENT_MAX_LINES 8192

typedef struct _SdpDocument SdpDocument;

/* Returns: (nullable): the document, or NULL with an %SDP_ERROR_MALFORMED that
 * names the line. */
SdpDocument *sdp_document_new (const gchar *sdp, GError **error);
void sdp_document_free (SdpDocument *self);
/* Returns: (transfer full): the current text. */
gchar *sdp_document_to_text (const SdpDocument *self);

/* Lines do not include their ends, and are valid until the document is freed.
 */
guint sdp_document_n_lines (const SdpDocument *self);
const gchar *sdp_document_line (const SdpDocument *self, guint index);
gboolean sdp_document_has_prefix (const SdpDocument *self, guint index,
    const gchar *prefix);

void sdp_document_remove (SdpDocument *self, guint index);
void sdp_document_insert (SdpDocument *self, guint index, const gchar *line);
void sdp_document_replace (SdpDocument *self, guint index, const gchar *format,
    ...) G_GNUC_PRINTF (3, 4);
/* Makes all lines end in CRLF. Returns: how many did not. */
guint sdp_document_end_lines (SdpDocument *self);

/* Returns the next m= line, starting with @index, or the number of lines. */
guint sdp_document_next_section (const SdpDocument *self, guint index);
/* Returns the m= line of the section that contains the line, or 0 for the
 * session. */
guint sdp_document_section_of (const SdpDocument *self, guint index);
/* Finds the first line that begins with @prefix in the section that starts at
 * @start, which is an m= line, or 0 for the session. Returns: (nullable): what
 * follows @prefix. */
const gchar *sdp_document_find (const SdpDocument *self, guint start,
    const gchar *prefix);

/* Returns the payload type in "a=fmtp:PT …" and similar lines, or -1. */
gint sdp_document_pt (const SdpDocument *self, guint index, const gchar *name);
/* Returns whether the line is the a=fmtp of such an encoding, "H264/90000" for
 * example. */
gboolean sdp_document_is_parameters_of (const SdpDocument *self, guint index,
    const gchar *encoding);
/* Finds a parameter in an a=fmtp line. Returns FALSE if the line does not have
 * it. */
gboolean sdp_document_find_parameter (const SdpDocument *self, guint index,
    const gchar *name, SdpParameter *found);
/* Removes all other formats from an m-section: from its m= line, and their
 * attributes. Returns: how many lines changed. */
gboolean sdp_document_keep_formats (SdpDocument *self, guint m_line,
    const gboolean *is_kept);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SdpDocument, sdp_document_free)

G_END_DECLS
