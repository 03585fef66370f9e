/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AES-128-GCM under one key, as SRTP uses it (RFC 7714): a 12-byte IV for each
 * packet, a 16-byte tag behind it.
 *
 * Two libraries have it. libipsec-mb seals a packet in one call, by the widest
 * instructions that the processor has; OpenSSL, which is everywhere, takes five
 * calls, each of which looks up its parameters by name. The bytes are the same.
 * Pure; neither call allocates or takes a lock. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHEP_GCM_KEY_SIZE 16
#define WHEP_GCM_IV_SIZE 12
#define WHEP_GCM_TAG_SIZE 16

typedef enum
{
  WHEP_GCM_OPENSSL,
  WHEP_GCM_IPSEC_MB,
} WhepGcmLibrary;

typedef struct _WhepGcm WhepGcm;

/* Whether this build and this processor have @library. */
gboolean whep_gcm_has (WhepGcmLibrary library);
/* Returns: (transfer none): as users know it. */
const gchar *whep_gcm_library_name (WhepGcmLibrary library);
/* The library of keys that are made without naming one: the fastest, or the one
 * that was set, which must be there. */
WhepGcmLibrary whep_gcm_default (void);
void whep_gcm_set_default (WhepGcmLibrary library);

WhepGcm *whep_gcm_new (const guint8 *key);
WhepGcm *whep_gcm_new_by (WhepGcmLibrary library, const guint8 *key);
void whep_gcm_free (WhepGcm *self);

/* Encrypts @size bytes from @in to @out, which may be the same, and writes the
 * tag behind them, which also covers @header. */
void whep_gcm_seal (WhepGcm *self, const guint8 *iv, const guint8 *header,
    gsize header_size, const guint8 *in, gsize size, guint8 *out);
/* Decrypts @size bytes in place, which the tag follows. Returns FALSE if the
 * tag is wrong; the contents of @data are undefined then. */
gboolean whep_gcm_open (WhepGcm *self, const guint8 *iv, const guint8 *header,
    gsize header_size, guint8 *data, gsize size);

G_END_DECLS
