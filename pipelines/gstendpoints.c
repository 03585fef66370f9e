/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The addresses for publishing and watching: see gstendpoints.h. */

#include "pipelines/gstendpoints.h"

#include <gio/gio.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* A machine that has more addresses uses the others for other purposes. */
#define MAX_HOSTS 8
/* Placeholders that users replace. */
#define STREAM "/live/NAME"
#define TOKEN "?token=SECRET"

static gchar *
host_of (GInetAddress *address)
{
  g_autofree gchar *text = g_inet_address_to_string (address);

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
    return g_strdup_printf ("[%s]", text);
  return g_steal_pointer (&text);
}

/* Adds this machine's addresses that others can reach. */
static void
add_interfaces (GPtrArray *hosts)
{
  struct ifaddrs *all = NULL;

  if (getifaddrs (&all) != 0)
    return;
  for (struct ifaddrs *i = all; i != NULL && hosts->len < MAX_HOSTS;
       i = i->ifa_next) {
    g_autoptr (GSocketAddress) socket_address = NULL;
    GInetAddress *address;

    if (i->ifa_addr == NULL ||
        (i->ifa_addr->sa_family != AF_INET &&
            i->ifa_addr->sa_family != AF_INET6))
      continue;
    socket_address = g_socket_address_new_from_native (i->ifa_addr,
        i->ifa_addr->sa_family == AF_INET ? sizeof (struct sockaddr_in)
                                          : sizeof (struct sockaddr_in6));
    address = g_inet_socket_address_get_address (
        G_INET_SOCKET_ADDRESS (socket_address));
    if (!g_inet_address_get_is_loopback (address) &&
        !g_inet_address_get_is_link_local (address))
      g_ptr_array_add (hosts, host_of (address));
  }
  freeifaddrs (all);
}

/* A server that listens on all addresses is reachable at each of them. */
static GPtrArray *
hosts_of (const gchar *bound)
{
  GPtrArray *hosts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (bound);

  if (address != NULL && !g_inet_address_get_is_any (address)) {
    g_ptr_array_add (hosts, host_of (address));
    return hosts;
  }
  g_ptr_array_add (hosts, g_strdup ("localhost"));
  add_interfaces (hosts);
  return hosts;
}

static gboolean
is_set (const gchar *text)
{
  return text != NULL && *text != '\0';
}

static void
add_rtmp (GstEndpoints *self, GstElement *element)
{
  g_autofree gchar *address = NULL, *keys = NULL, *certificate = NULL;
  g_autoptr (GPtrArray) hosts = NULL;
  guint port, tls_port;

  g_object_get (element, "address", &address, "port", &port, "publish-keys",
      &keys, "tls-certificate", &certificate, "tls-port", &tls_port, NULL);
  self->rtmp_port = port;
  hosts = hosts_of (address);
  for (guint i = 0; i < hosts->len; i++) {
    const gchar *host = g_ptr_array_index (hosts, i);
    const gchar *token = is_set (keys) ? TOKEN : "";

    g_ptr_array_add (self->publish,
        g_strdup_printf ("rtmp://%s:%u" STREAM "%s", host, port, token));
    if (is_set (certificate))
      g_ptr_array_add (self->publish,
          g_strdup_printf ("rtmps://%s:%u" STREAM "%s", host, tls_port, token));
  }
}

static void
add_http (GstEndpoints *self, GstElement *element)
{
  g_autofree gchar *address = NULL, *certificate = NULL, *fingerprint = NULL;
  g_autoptr (GPtrArray) hosts = NULL;
  gboolean is_https_only;
  guint port;

  g_object_get (element, "address", &address, "port", &port, "https-only",
      &is_https_only, "tls-certificate", &certificate, "tls-fingerprint",
      &fingerprint, NULL);
  hosts = hosts_of (address);
  for (guint i = 0; i < hosts->len; i++) {
    const gchar *host = g_ptr_array_index (hosts, i);

    if (!is_https_only)
      g_ptr_array_add (self->watch,
          g_strdup_printf ("http://%s:%u/", host, port));
    if (fingerprint != NULL)
      g_ptr_array_add (self->watch,
          g_strdup_printf ("https://%s:%u/", host, port));
  }
  if (!is_set (certificate) && self->fingerprint == NULL)
    self->fingerprint = g_steal_pointer (&fingerprint);
}

static void
add_element (const GValue *item, gpointer user_data)
{
  GstEndpoints *self = user_data;
  GstElement *element = g_value_get_object (item);
  GstElementFactory *factory = gst_element_get_factory (element);
  const gchar *name = factory != NULL ? GST_OBJECT_NAME (factory) : "";

  if (strcmp (name, "rtmpserversrc") == 0)
    add_rtmp (self, element);
  else if (strcmp (name, "rtmpwebrtcsink") == 0 ||
      strcmp (name, "whepsink") == 0)
    add_http (self, element);
}

void
gst_endpoints_init (GstEndpoints *self, GstBin *pipeline)
{
  GstIterator *elements = gst_bin_iterate_elements (pipeline);

  *self = (GstEndpoints){
    .publish = g_ptr_array_new_with_free_func (g_free),
    .watch = g_ptr_array_new_with_free_func (g_free),
  };
  gst_iterator_foreach (elements, add_element, self);
  gst_iterator_free (elements);
}

void
gst_endpoints_clear (GstEndpoints *self)
{
  g_ptr_array_unref (self->publish);
  g_ptr_array_unref (self->watch);
  g_free (self->fingerprint);
}
