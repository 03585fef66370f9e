/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One track of an MP4 file: see track.h. */

#include "gst/mp4/track.h"

#include "gst/mp4/box.h"

#define VIDEO_TIMESCALE 90000
/* tkhd: the track is enabled, in the movie and in its preview. */
#define TKHD_FLAGS 0x000007
/* dref: the samples are in this very file. */
#define SELF_CONTAINED 0x000001
#define VMHD_FLAGS 0x000001
/* "und" in three letters of five bits each. */
#define NO_LANGUAGE 0x55c4
#define RESOLUTION_72_DPI 0x00480000
#define DEPTH_24 0x0018
#define FULL_VOLUME 0x0100
#define SAMPLE_BITS 16
/* ISO/IEC 14496-1 section 7.2.6: descriptors, and what they say. */
#define ES_DESCRIPTOR 3
#define DECODER_CONFIG_DESCRIPTOR 4
#define DECODER_SPECIFIC_INFO 5
#define SL_CONFIG_DESCRIPTOR 6
#define SL_PREDEFINED_MP4 2
#define OBJECT_AAC 0x40
#define OBJECT_MP3 0x6b
#define AUDIO_STREAM (5 << 2 | 1)
/* The last metadata block of a FLAC file, of type STREAMINFO. */
#define LAST_STREAMINFO 0x80

static const struct
{
  const gchar *entry;
  const gchar *config; /* nullable */
  gboolean is_video;
  gboolean is_full_box; /* the configuration's */
  guint8 version;
} codecs[] = {
  [MP4_AVC] = { "avc1", "avcC", TRUE },
  [MP4_HEVC] = { "hvc1", "hvcC", TRUE },
  [MP4_AV1] = { "av01", "av1C", TRUE },
  [MP4_VP9] = { "vp09", "vpcC", TRUE, TRUE, 1 },
  [MP4_AAC] = { "mp4a", NULL },
  [MP4_MP3] = { "mp4a", NULL },
  [MP4_OPUS] = { "Opus", "dOps" },
  [MP4_FLAC] = { "fLaC", "dfLa", FALSE, TRUE },
  [MP4_AC3] = { "ac-3", "dac3" },
};

gboolean
mp4_track_is_video (const Mp4Track *self)
{
  return codecs[self->codec].is_video;
}

guint32
mp4_track_timescale (const Mp4Track *self)
{
  return mp4_track_is_video (self) ? VIDEO_TIMESCALE : self->rate;
}

static void
write_tkhd (const Mp4Track *self, GByteArray *out)
{
  gsize box = mp4_full_box_begin (out, "tkhd", 0, TKHD_FLAGS);

  mp4_put_zeros (out, 8); /* creation and modification time */
  mp4_put_u32 (out, self->id);
  mp4_put_zeros (out, 4 + 4 + 8); /* duration, amid reserved fields */
  mp4_put_zeros (out, 2 + 2);     /* layer, group */
  mp4_put_u16 (out, mp4_track_is_video (self) ? 0 : FULL_VOLUME);
  mp4_put_zeros (out, 2);
  mp4_put_unity_matrix (out);
  mp4_put_u32 (out, self->width << 16);
  mp4_put_u32 (out, self->height << 16);
  mp4_box_end (out, box);
}

static void
write_mdhd (const Mp4Track *self, GByteArray *out)
{
  gsize box = mp4_full_box_begin (out, "mdhd", 0, 0);

  mp4_put_zeros (out, 8);
  mp4_put_u32 (out, mp4_track_timescale (self));
  mp4_put_zeros (out, 4); /* duration: only fragments */
  mp4_put_u16 (out, NO_LANGUAGE);
  mp4_put_zeros (out, 2);
  mp4_box_end (out, box);
}

static void
write_hdlr (const Mp4Track *self, GByteArray *out)
{
  gsize box = mp4_full_box_begin (out, "hdlr", 0, 0);

  mp4_put_zeros (out, 4);
  mp4_put_bytes (out, mp4_track_is_video (self) ? "vide" : "soun", 4);
  mp4_put_zeros (out, 12);
  mp4_put_zeros (out, 1); /* its name, which is empty */
  mp4_box_end (out, box);
}

static void
write_descriptor_head (GByteArray *out, guint8 tag, gsize size)
{
  mp4_put_u8 (out, tag);
  /* Seven bits a byte, the first bit set in all but the last. */
  mp4_put_u8 (out, 0x80 | size >> 7);
  mp4_put_u8 (out, size & 0x7f);
}

/* Both descriptors' heads take three bytes. */
static void
write_esds (const Mp4Track *self, GByteArray *out)
{
  gsize box = mp4_full_box_begin (out, "esds", 0, 0);
  gboolean is_aac = self->codec == MP4_AAC;
  gsize info_size = is_aac ? 3 + self->config_size : 0;

  write_descriptor_head (out, ES_DESCRIPTOR, 3 + 3 + 13 + info_size + 3 + 1);
  mp4_put_u16 (out, self->id);
  mp4_put_u8 (out, 0);
  write_descriptor_head (out, DECODER_CONFIG_DESCRIPTOR, 13 + info_size);
  mp4_put_u8 (out, is_aac ? OBJECT_AAC : OBJECT_MP3);
  mp4_put_u8 (out, AUDIO_STREAM);
  mp4_put_zeros (out, 3 + 4 + 4); /* the buffer's size, the bit rates */
  if (is_aac) {
    write_descriptor_head (out, DECODER_SPECIFIC_INFO, self->config_size);
    mp4_put_bytes (out, self->config, self->config_size);
  }
  write_descriptor_head (out, SL_CONFIG_DESCRIPTOR, 1);
  mp4_put_u8 (out, SL_PREDEFINED_MP4);
  mp4_box_end (out, box);
}

static void
write_config (const Mp4Track *self, GByteArray *out)
{
  const gchar *type = codecs[self->codec].config;
  gsize box;

  if (type == NULL) {
    write_esds (self, out);
    return;
  }
  box = codecs[self->codec].is_full_box
      ? mp4_full_box_begin (out, type, codecs[self->codec].version, 0)
      : mp4_box_begin (out, type);
  if (self->codec == MP4_FLAC) {
    mp4_put_u8 (out, LAST_STREAMINFO);
    mp4_put_u24 (out, self->config_size);
  }
  mp4_put_bytes (out, self->config, self->config_size);
  mp4_box_end (out, box);
}

/* The fields of VisualSampleEntry, after those of SampleEntry. */
static void
write_visual (const Mp4Track *self, GByteArray *out)
{
  mp4_put_zeros (out, 16);
  mp4_put_u16 (out, self->width);
  mp4_put_u16 (out, self->height);
  mp4_put_u32 (out, RESOLUTION_72_DPI);
  mp4_put_u32 (out, RESOLUTION_72_DPI);
  mp4_put_zeros (out, 4);
  mp4_put_u16 (out, 1);    /* frames in a sample */
  mp4_put_zeros (out, 32); /* the compressor's name */
  mp4_put_u16 (out, DEPTH_24);
  mp4_put_u16 (out, 0xffff);
}

/* Those of AudioSampleEntry. A rate beyond its 16 bits is in the configuration
 * alone. */
static void
write_audio (const Mp4Track *self, GByteArray *out)
{
  mp4_put_zeros (out, 8);
  mp4_put_u16 (out, self->n_channels);
  mp4_put_u16 (out, SAMPLE_BITS);
  mp4_put_zeros (out, 4);
  mp4_put_u16 (out, self->rate <= G_MAXUINT16 ? self->rate : 0);
  mp4_put_u16 (out, 0);
}

static void
write_stsd (const Mp4Track *self, GByteArray *out)
{
  gsize box = mp4_full_box_begin (out, "stsd", 0, 0);
  gsize entry;

  mp4_put_u32 (out, 1);
  entry = mp4_box_begin (out, codecs[self->codec].entry);
  mp4_put_zeros (out, 6);
  mp4_put_u16 (out, 1); /* the first data reference */
  if (mp4_track_is_video (self))
    write_visual (self, out);
  else
    write_audio (self, out);
  write_config (self, out);
  mp4_box_end (out, entry);
  mp4_box_end (out, box);
}

static void
write_dinf (GByteArray *out)
{
  gsize dinf = mp4_box_begin (out, "dinf");
  gsize dref = mp4_full_box_begin (out, "dref", 0, 0);

  mp4_put_u32 (out, 1);
  mp4_box_end (out, mp4_full_box_begin (out, "url ", 0, SELF_CONTAINED));
  mp4_box_end (out, dref);
  mp4_box_end (out, dinf);
}

/* The samples are in the fragments: these tables are empty. */
static void
write_stbl (const Mp4Track *self, GByteArray *out)
{
  static const gchar *const empty[] = { "stts", "stsc", "stco" };
  gsize stbl = mp4_box_begin (out, "stbl");
  gsize box;

  write_stsd (self, out);
  for (guint i = 0; i < G_N_ELEMENTS (empty); i++) {
    box = mp4_full_box_begin (out, empty[i], 0, 0);
    mp4_put_u32 (out, 0);
    mp4_box_end (out, box);
  }
  box = mp4_full_box_begin (out, "stsz", 0, 0);
  mp4_put_zeros (out, 8);
  mp4_box_end (out, box);
  mp4_box_end (out, stbl);
}

static void
write_media_header (const Mp4Track *self, GByteArray *out)
{
  gsize box;

  if (mp4_track_is_video (self)) {
    box = mp4_full_box_begin (out, "vmhd", 0, VMHD_FLAGS);
    mp4_put_zeros (out, 8);
  } else {
    box = mp4_full_box_begin (out, "smhd", 0, 0);
    mp4_put_zeros (out, 4);
  }
  mp4_box_end (out, box);
}

void
mp4_track_write (const Mp4Track *self, GByteArray *out)
{
  gsize trak = mp4_box_begin (out, "trak");
  gsize mdia, minf;

  write_tkhd (self, out);
  mdia = mp4_box_begin (out, "mdia");
  write_mdhd (self, out);
  write_hdlr (self, out);
  minf = mp4_box_begin (out, "minf");
  write_media_header (self, out);
  write_dinf (out);
  write_stbl (self, out);
  mp4_box_end (out, minf);
  mp4_box_end (out, mdia);
  mp4_box_end (out, trak);
}
