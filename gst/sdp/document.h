/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A description that is being changed, line by line. What nobody changes comes
 * out as it went in, to the last byte. Pure. */

#pragma once

#include "gst/sdp/sdptext.h"

G_BEGIN_DECLS

#define SDP_DOCUMENT_MAX_BYTES (256 * 1024)
#define SDP_DOCUMENT_MAX_LINES 8192

typedef struct _SdpDocument SdpDocument;

/* Returns: (nullable): the draft, or NULL with an %SDP_ERROR_MALFORMED that
 * names the line. */
SdpDocument *sdp_document_new (const gchar *sdp, GError **error);
void sdp_document_free (SdpDocument *self);
/* Returns: (transfer full): the text as it is now. */
gchar *sdp_document_to_text (const SdpDocument *self);

/* Lines are without their ends and valid until the draft is freed. */
guint sdp_document_n_lines (const SdpDocument *self);
const gchar *sdp_document_line (const SdpDocument *self, guint index);
gboolean sdp_document_has_prefix (const SdpDocument *self, guint index,
    const gchar *prefix);

void sdp_document_remove (SdpDocument *self, guint index);
void sdp_document_insert (SdpDocument *self, guint index, const gchar *line);
void sdp_document_replace (SdpDocument *self, guint index, const gchar *format,
    ...) G_GNUC_PRINTF (3, 4);
/* Ends all lines in CRLF. Returns: how many did not. */
guint sdp_document_end_lines (SdpDocument *self);

/* The first m= line from @index on, or the number of lines. */
guint sdp_document_next_section (const SdpDocument *self, guint index);
/* The m= line of the part that a line is in, or 0 for the session. */
guint sdp_document_section_of (const SdpDocument *self, guint index);
/* The first such line of the part whose first line is @start: an m= line, or 0
 * for the session. Returns: (nullable): what follows @prefix. */
const gchar *sdp_document_find (const SdpDocument *self, guint start,
    const gchar *prefix);

/* The payload type of "a=fmtp:PT …" and the like, or -1. */
gint sdp_document_pt (const SdpDocument *self, guint index, const gchar *name);
/* Whether an a=fmtp line is of such an encoding, "H264/90000" or the like. */
gboolean sdp_document_is_parameters_of (const SdpDocument *self, guint index,
    const gchar *encoding);
/* The parameter of that name in an a=fmtp line; FALSE if there is none. */
gboolean sdp_document_find_parameter (const SdpDocument *self, guint index,
    const gchar *name, SdpParameter *found);
/* Takes all formats but these out of an m-section: out of its m= line, and
 * their attributes. Returns: whether there was one to take. */
gboolean sdp_document_keep_formats (SdpDocument *self, guint m_line,
    const gboolean *is_kept);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SdpDocument, sdp_document_free)

G_END_DECLS
