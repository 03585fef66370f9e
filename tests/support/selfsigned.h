/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A self-signed certificate, in PEM files. */

#pragma once

#include "ext/whep/http/certificate-io.h"

/* Writes a certificate and its key, which is the same file if @key_path is
 * NULL. */
void selfsigned_write (const WhepCertificate *identity,
    const gchar *certificate_path, const gchar *key_path);
