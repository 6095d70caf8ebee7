/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sandbox/heddle-process-output.h"

#define READ_BYTES (64 * 1024)

static void read_next (HeddleProcessOutput *self);

static void
take (HeddleProcessOutput *self, GBytes *piece)
{
  gsize room = self->max_bytes - self->bytes->len;
  gsize size;
  const guint8 *data = g_bytes_get_data (piece, &size);

  g_byte_array_append (self->bytes, data, MIN (size, room));
  if (size > room && self->over != NULL)
    {
      self->over (self->user_data);
      self->over = NULL;
    }
}

static void
finish (HeddleProcessOutput *self)
{
  self->done (self->user_data);
  g_object_unref (self->stream);
  g_byte_array_unref (self->bytes);
  g_free (self);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  HeddleProcessOutput *self = user_data;
  g_autoptr (GBytes) piece = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);

  if (piece == NULL || g_bytes_get_size (piece) == 0)
    {
      finish (self);
      return;
    }
  take (self, piece);
  read_next (self);
}

static void
read_next (HeddleProcessOutput *self)
{
  g_input_stream_read_bytes_async (self->stream, READ_BYTES, G_PRIORITY_DEFAULT, NULL, read_cb, self);
}

void
heddle_process_output_read (const HeddleProcessOutput *output)
{
  HeddleProcessOutput *self = g_memdup2 (output, sizeof *output);

  g_object_ref (self->stream);
  g_byte_array_ref (self->bytes);
  read_next (self);
}
