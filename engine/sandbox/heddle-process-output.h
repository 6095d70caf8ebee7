/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Reads a pipe of a child process to its end in the thread's default context, up to max_bytes; what is over that is not kept,
 * and over is called once when it begins. done comes last. The reader owns itself.
 */
typedef struct
{
  GInputStream *stream;
  gsize max_bytes;
  GByteArray *bytes; /* borrowed by the reader */
  void (*over) (gpointer user_data);
  void (*done) (gpointer user_data);
  gpointer user_data;
} HeddleProcessOutput;

/* Copies output, takes references on stream and bytes. */
void heddle_process_output_read (const HeddleProcessOutput *output);

G_END_DECLS
