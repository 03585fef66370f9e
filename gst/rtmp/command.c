/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands of publishers and players, and replies to them: see command.h. */

#include "gst/rtmp/command.h"

#include <string.h>

/* The version of Flash Media Server 3.0.1; encoders require nothing newer. */
#define FMS_VERSION "FMS/3,0,1,123"
#define CAPABILITIES 31
/* Enhanced RTMP's capabilities, in connect and in the reply to it. */
#define CAPS_EX_RECONNECT 1
#define CAPS_EX_MULTITRACK 2
#define CAPS_EX_MOD_EX 4
#define CAPS_EX_MAX 0xffff
/* A codec is forwarded unchanged. */
#define CAN_FORWARD 4

static const struct
{
  const gchar *name;
  RtmpCommandKind kind;
} kinds[] = {
  { "connect", RTMP_COMMAND_CONNECT },
  { "releaseStream", RTMP_COMMAND_RELEASE_STREAM },
  { "FCPublish", RTMP_COMMAND_FC_PUBLISH },
  { "createStream", RTMP_COMMAND_CREATE_STREAM },
  { "publish", RTMP_COMMAND_PUBLISH },
  { "FCUnpublish", RTMP_COMMAND_FC_UNPUBLISH },
  { "closeStream", RTMP_COMMAND_CLOSE_STREAM },
  { "deleteStream", RTMP_COMMAND_DELETE_STREAM },
  { "_checkbw", RTMP_COMMAND_CHECK_BANDWIDTH },
  { "play", RTMP_COMMAND_PLAY },
  { "play2", RTMP_COMMAND_PLAY },
  { "pause", RTMP_COMMAND_PAUSE },
  { "pauseRaw", RTMP_COMMAND_PAUSE },
  { "seek", RTMP_COMMAND_SEEK },
  { "getStreamLength", RTMP_COMMAND_GET_STREAM_LENGTH },
  { "FCSubscribe", RTMP_COMMAND_FC_SUBSCRIBE },
  { "@setDataFrame", RTMP_COMMAND_DATA },
  { "onMetaData", RTMP_COMMAND_DATA },
};

/* Codecs that an Enhanced RTMP sender may send and viewers can receive. */
static const struct
{
  const gchar *four_cc;
  gboolean is_audio;
} codecs[] = {
  { "avc1", FALSE },
  { "hvc1", FALSE },
  { "av01", FALSE },
  { "vp08", FALSE },
  { "vp09", FALSE },
  { "mp4a", TRUE },
  { "Opus", TRUE },
  { "fLaC", TRUE },
  { "ac-3", TRUE },
  { "ec-3", TRUE },
  { ".mp3", TRUE },
};

static RtmpCommandKind
kind_of (const RtmpAmf0Value *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (name->size == strlen (kinds[i].name) &&
        memcmp (name->text, kinds[i].name, name->size) == 0)
      return kinds[i].kind;
  }
  return RTMP_COMMAND_UNKNOWN;
}

/* Reads a value; a missing one counts as null. */
static void
read_or_null (RtmpAmf0Reader *reader, RtmpAmf0Value *value)
{
  if (!rtmp_amf0_read (reader, value))
    *value = (RtmpAmf0Value){ .type = RTMP_AMF0_NULL };
}

static gboolean
is_simple (const RtmpAmf0Value *value)
{
  return value->type == RTMP_AMF0_STRING || value->type == RTMP_AMF0_NUMBER;
}

gboolean
rtmp_command_parse (RtmpCommand *self, const guint8 *data, gsize size)
{
  RtmpAmf0Reader reader;
  RtmpAmf0Value name;

  if (size > RTMP_COMMAND_MAX_BYTES)
    return FALSE;
  rtmp_amf0_reader_init (&reader, data, size);
  if (!rtmp_amf0_read (&reader, &name) || name.type != RTMP_AMF0_STRING)
    return FALSE;

  *self = (RtmpCommand){
    .kind = kind_of (&name),
    .argument.type = RTMP_AMF0_NULL,
  };
  read_or_null (&reader, &self->object);
  if (self->object.type == RTMP_AMF0_NUMBER) {
    self->transaction = self->object.number;
    read_or_null (&reader, &self->object);
  }
  /* Section 7.2.1.1: the transaction ID of connect is always 1. */
  if (self->kind == RTMP_COMMAND_CONNECT && self->transaction == 0)
    self->transaction = 1;
  if (is_simple (&self->object)) {
    self->argument = self->object;
    self->object = (RtmpAmf0Value){ .type = RTMP_AMF0_NULL };
  } else {
    read_or_null (&reader, &self->argument);
  }
  return TRUE;
}

static gboolean
is_printable (const gchar *text)
{
  if (!g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const gchar *c = text; *c != '\0'; c = g_utf8_next_char (c)) {
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return FALSE;
  }
  return TRUE;
}

gchar *
rtmp_command_dup_text (const RtmpAmf0Value *value)
{
  g_autofree gchar *text = NULL;

  if (value->type != RTMP_AMF0_STRING)
    return g_strdup ("");
  if (value->size > 0 && memchr (value->text, '\0', value->size) != NULL)
    return NULL;
  text = g_strndup (value->text, value->size);
  return is_printable (text) ? g_steal_pointer (&text) : NULL;
}

gchar *
rtmp_command_dup_reason (const gchar *text)
{
  g_autofree gchar *valid = g_utf8_make_valid (text, -1);
  GString *reason = g_string_new (NULL);

  for (const gchar *c = valid; *c != '\0'; c = g_utf8_next_char (c)) {
    gunichar letter = g_utf8_get_char (c);

    if (reason->len + g_unichar_to_utf8 (letter, NULL) > RTMP_REASON_MAX_BYTES)
      break;
    g_string_append_unichar (reason, g_unichar_isprint (letter) ? letter : ' ');
  }
  return g_string_free (reason, FALSE);
}

gboolean
rtmp_command_can_reconnect (const RtmpCommand *connect)
{
  RtmpAmf0Value caps;

  if (!rtmp_amf0_get (&connect->object, "capsEx", &caps) ||
      caps.type != RTMP_AMF0_NUMBER)
    return FALSE;
  /* A double may hold anything; values beyond these bits are not ours. */
  return caps.number >= 0 && caps.number <= CAPS_EX_MAX &&
      ((guint) caps.number & CAPS_EX_RECONNECT) != 0;
}

static void
begin_reply (GByteArray *out, const gchar *name, gdouble transaction)
{
  rtmp_amf0_write_string (out, name);
  rtmp_amf0_write_number (out, transaction);
}

static void
write_member (GByteArray *out, const gchar *key, const gchar *text)
{
  rtmp_amf0_write_key (out, key);
  rtmp_amf0_write_string (out, text);
}

static void
write_number_member (GByteArray *out, const gchar *key, gdouble number)
{
  rtmp_amf0_write_key (out, key);
  rtmp_amf0_write_number (out, number);
}

static void
begin_info (GByteArray *out, const gchar *level, const gchar *code,
    const gchar *description)
{
  rtmp_amf0_begin_object (out);
  write_member (out, "level", level);
  write_member (out, "code", code);
  write_member (out, "description", description);
}

static void
write_four_ccs (GByteArray *out)
{
  rtmp_amf0_write_key (out, "fourCcList");
  rtmp_amf0_begin_array (out, G_N_ELEMENTS (codecs));
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    rtmp_amf0_write_string (out, codecs[i].four_cc);
}

static void
write_info_map (GByteArray *out, const gchar *key, gboolean is_audio)
{
  rtmp_amf0_write_key (out, key);
  rtmp_amf0_begin_object (out);
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    if (codecs[i].is_audio == is_audio)
      write_number_member (out, codecs[i].four_cc, CAN_FORWARD);
  }
  rtmp_amf0_end_object (out);
}

/* A peer that does not use Enhanced RTMP gets no such members, and each version
 * of it gets a reply in its own terms. */
static void
write_enhanced (GByteArray *out, const RtmpAmf0Value *object)
{
  RtmpAmf0Value wanted;

  if (rtmp_amf0_get (object, "fourCcList", &wanted))
    write_four_ccs (out);
  if (rtmp_amf0_get (object, "videoFourCcInfoMap", &wanted))
    write_info_map (out, "videoFourCcInfoMap", FALSE);
  if (rtmp_amf0_get (object, "audioFourCcInfoMap", &wanted))
    write_info_map (out, "audioFourCcInfoMap", TRUE);
  if (rtmp_amf0_get (object, "capsEx", &wanted))
    write_number_member (out, "capsEx",
        CAPS_EX_RECONNECT | CAPS_EX_MULTITRACK | CAPS_EX_MOD_EX);
}

void
rtmp_command_write_connected (GByteArray *out, const RtmpCommand *connect)
{
  begin_reply (out, "_result", connect->transaction);
  rtmp_amf0_begin_object (out);
  write_member (out, "fmsVer", FMS_VERSION);
  write_number_member (out, "capabilities", CAPABILITIES);
  rtmp_amf0_end_object (out);
  begin_info (out, "status", "NetConnection.Connect.Success",
      "Connection succeeded.");
  write_number_member (out, "objectEncoding", 0);
  write_enhanced (out, &connect->object);
  rtmp_amf0_end_object (out);
}

void
rtmp_command_write_result (GByteArray *out, gdouble transaction)
{
  begin_reply (out, "_result", transaction);
  rtmp_amf0_write_null (out);
}

void
rtmp_command_write_stream_created (GByteArray *out, gdouble transaction,
    guint32 stream_id)
{
  rtmp_command_write_result (out, transaction);
  rtmp_amf0_write_number (out, stream_id);
}

void
rtmp_command_write_error (GByteArray *out, gdouble transaction,
    const gchar *code, const gchar *description)
{
  begin_reply (out, "_error", transaction);
  rtmp_amf0_write_null (out);
  begin_info (out, "error", code, description);
  rtmp_amf0_end_object (out);
}

void
rtmp_command_write_rejected (GByteArray *out, gdouble transaction,
    const gchar *description)
{
  rtmp_command_write_error (out, transaction, "NetConnection.Connect.Rejected",
      description);
}

static void
write_event (GByteArray *out, const gchar *name, const gchar *code,
    const gchar *key)
{
  begin_reply (out, name, 0);
  rtmp_amf0_write_null (out);
  rtmp_amf0_begin_object (out);
  write_member (out, "code", code);
  write_member (out, "description", key);
  rtmp_amf0_end_object (out);
}

void
rtmp_command_write_fc_publish (GByteArray *out, const gchar *key)
{
  write_event (out, "onFCPublish", "NetStream.Publish.Start", key);
}

void
rtmp_command_write_fc_subscribe (GByteArray *out, const gchar *key)
{
  write_event (out, "onFCSubscribe", "NetStream.Play.Start", key);
}

void
rtmp_command_write_status (GByteArray *out, const gchar *level,
    const gchar *code, const gchar *description)
{
  begin_reply (out, "onStatus", 0);
  rtmp_amf0_write_null (out);
  begin_info (out, level, code, description);
  rtmp_amf0_end_object (out);
}
