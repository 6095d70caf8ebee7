/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench-peer.h"

#include <stdlib.h>

/* It is built beside the benchmarks. */
static char *
find_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self);

  return g_build_filename (folder, "bench-server", NULL);
}

void
bench_peer_start (BenchPeer *self, const char *argument)
{
  g_autofree char *program = find_program ();
  g_autoptr (GDataInputStream) output = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  g_auto (GStrv) ports = NULL;

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, argument, NULL);
  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  ports = g_strsplit (line, " ", -1);
  for (guint i = 0; i < BENCH_PEER_PORTS; i++)
    self->ports[i] = (guint) atoi (ports[i]);
}

void
bench_peer_stop (BenchPeer *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

char *
bench_peer_dup_url (const BenchPeer *self, guint port, const char *path)
{
  return g_strdup_printf ("http://127.0.0.1:%u%s", self->ports[port % BENCH_PEER_PORTS], path);
}
