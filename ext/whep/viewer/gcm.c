/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AES-128-GCM under one key: see gcm.h. */

#include "ext/whep/viewer/gcm.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#ifdef HAVE_IPSEC_MB
#include <intel-ipsec-mb.h>
#endif

/* What the widest loads of libipsec-mb would like; its header only says so to
 * those who define LINUX. */
#define KEY_ALIGNMENT 64

/* The keys of libipsec-mb take as much memory as a context of OpenSSL. */
struct _WhepGcm
{
  EVP_CIPHER_CTX *openssl; /* NULL: libipsec-mb */
#ifdef HAVE_IPSEC_MB
  _Alignas(KEY_ALIGNMENT) struct gcm_key_data keys[];
#endif
};

#ifdef HAVE_IPSEC_MB
/* The functions that fit the processor, which need nothing else of the
 * library's manager. */
typedef struct
{
  aes_gcm_pre_t prepare; /* NULL: not on this processor */
  aes_gcm_enc_dec_t encrypt;
  aes_gcm_enc_dec_t decrypt;
} IpsecMb;

/* Without these the library would compute AES by tables, slowly. */
#define IPSEC_MB_NEEDS (IMB_FEATURE_AESNI | IMB_FEATURE_PCLMULQDQ)

static gboolean
is_usable (IMB_MGR *manager)
{
  gboolean has_failed = (manager->features & IMB_FEATURE_SELF_TEST) &&
      !(manager->features & IMB_FEATURE_SELF_TEST_PASS);

  return (manager->features & IPSEC_MB_NEEDS) == IPSEC_MB_NEEDS &&
      imb_get_errno (manager) == 0 && !has_failed;
}

/* The manager has queues for all algorithms: it is not kept. */
static void
find_ipsec_mb (IpsecMb *found)
{
  IMB_MGR *manager = alloc_mb_mgr (0);

  if (manager == NULL)
    return;
  init_mb_mgr_auto (manager, NULL);
  if (is_usable (manager))
    *found = (IpsecMb){ manager->gcm128_pre, manager->gcm128_enc,
      manager->gcm128_dec };
  free_mb_mgr (manager);
}

static const IpsecMb *
ipsec_mb (void)
{
  static IpsecMb found;
  static gsize is_done = 0;

  if (g_once_init_enter (&is_done)) {
    find_ipsec_mb (&found);
    g_once_init_leave (&is_done, 1);
  }
  return &found;
}
#endif

gboolean
whep_gcm_has (WhepGcmLibrary library)
{
#ifdef HAVE_IPSEC_MB
  if (library == WHEP_GCM_IPSEC_MB)
    return ipsec_mb ()->prepare != NULL;
#endif
  return library == WHEP_GCM_OPENSSL;
}

const gchar *
whep_gcm_library_name (WhepGcmLibrary library)
{
  return library == WHEP_GCM_IPSEC_MB ? "libipsec-mb" : "OpenSSL";
}

/* Atomic; a library plus one, so that 0 is none. */
static gint default_library = 0;

WhepGcmLibrary
whep_gcm_default (void)
{
  gint set = g_atomic_int_get (&default_library);

  if (set != 0)
    return set - 1;
  return whep_gcm_has (WHEP_GCM_IPSEC_MB) ? WHEP_GCM_IPSEC_MB
                                          : WHEP_GCM_OPENSSL;
}

void
whep_gcm_set_default (WhepGcmLibrary library)
{
  g_assert (whep_gcm_has (library));
  g_atomic_int_set (&default_library, library + 1);
}

/* Fetching is slow and takes a lock, so it is done once for all viewers. */
static const EVP_CIPHER *
openssl_cipher (void)
{
  static gsize cipher = 0;

  if (g_once_init_enter (&cipher))
    g_once_init_leave (&cipher,
        (gsize) EVP_CIPHER_fetch (NULL, "AES-128-GCM", NULL));
  return (const EVP_CIPHER *) cipher;
}

static gsize
allocation_size (WhepGcmLibrary library)
{
#ifdef HAVE_IPSEC_MB
  if (library == WHEP_GCM_IPSEC_MB)
    return sizeof (WhepGcm) + sizeof (struct gcm_key_data);
#endif
  return sizeof (WhepGcm);
}

WhepGcm *
whep_gcm_new_by (WhepGcmLibrary library, const guint8 *key)
{
  WhepGcm *self =
      g_aligned_alloc0 (1, allocation_size (library), KEY_ALIGNMENT);
  gboolean is_done;

  g_assert (whep_gcm_has (library));
#ifdef HAVE_IPSEC_MB
  if (library == WHEP_GCM_IPSEC_MB) {
    ipsec_mb ()->prepare (key, self->keys);
    return self;
  }
#endif
  self->openssl = EVP_CIPHER_CTX_new ();
  is_done =
      EVP_EncryptInit_ex2 (self->openssl, openssl_cipher (), key, NULL, NULL);
  g_assert (is_done);
  return self;
}

WhepGcm *
whep_gcm_new (const guint8 *key)
{
  return whep_gcm_new_by (whep_gcm_default (), key);
}

void
whep_gcm_free (WhepGcm *self)
{
  if (self == NULL)
    return;
#ifdef HAVE_IPSEC_MB
  if (self->openssl == NULL)
    OPENSSL_cleanse (self->keys, sizeof (self->keys[0]));
#endif
  EVP_CIPHER_CTX_free (self->openssl);
  g_aligned_free (self);
}

static void
start_openssl (WhepGcm *self, const guint8 *iv, gboolean is_sealing,
    const guint8 *header, gsize header_size)
{
  int n_read;
  gboolean is_done =
      EVP_CipherInit_ex2 (self->openssl, NULL, NULL, iv, is_sealing, NULL) &&
      EVP_CipherUpdate (self->openssl, NULL, &n_read, header, header_size);

  g_assert (is_done);
}

/* EVP_CIPHER_CTX_ctrl() would build the same: 4 % of a packet. */
static gboolean
get_openssl_tag (WhepGcm *self, guint8 *tag)
{
  OSSL_PARAM params[] = {
    OSSL_PARAM_octet_string (OSSL_CIPHER_PARAM_AEAD_TAG, tag,
        WHEP_GCM_TAG_SIZE),
    OSSL_PARAM_END,
  };

  return EVP_CIPHER_CTX_get_params (self->openssl, params);
}

void
whep_gcm_seal (WhepGcm *self, const guint8 *iv, const guint8 *header,
    gsize header_size, const guint8 *in, gsize size, guint8 *out)
{
  int n_written;
  gboolean is_done;

#ifdef HAVE_IPSEC_MB
  if (self->openssl == NULL) {
    struct gcm_context_data scratch;

    ipsec_mb ()->encrypt (self->keys, &scratch, out, in, size, iv, header,
        header_size, out + size, WHEP_GCM_TAG_SIZE);
    return;
  }
#endif
  start_openssl (self, iv, TRUE, header, header_size);
  is_done = EVP_CipherUpdate (self->openssl, out, &n_written, in, size) &&
      EVP_CipherFinal_ex (self->openssl, out + size, &n_written) &&
      get_openssl_tag (self, out + size);
  g_assert (is_done);
}

gboolean
whep_gcm_open (WhepGcm *self, const guint8 *iv, const guint8 *header,
    gsize header_size, guint8 *data, gsize size)
{
  int n_written;

#ifdef HAVE_IPSEC_MB
  if (self->openssl == NULL) {
    struct gcm_context_data scratch;
    guint8 tag[WHEP_GCM_TAG_SIZE];

    ipsec_mb ()->decrypt (self->keys, &scratch, data, data, size, iv, header,
        header_size, tag, sizeof (tag));
    return CRYPTO_memcmp (tag, data + size, sizeof (tag)) == 0;
  }
#endif
  start_openssl (self, iv, FALSE, header, header_size);
  return EVP_CIPHER_CTX_ctrl (self->openssl, EVP_CTRL_AEAD_SET_TAG,
             WHEP_GCM_TAG_SIZE, data + size) &&
      EVP_CipherUpdate (self->openssl, data, &n_written, data, size) &&
      EVP_CipherFinal_ex (self->openssl, data + size, &n_written);
}
