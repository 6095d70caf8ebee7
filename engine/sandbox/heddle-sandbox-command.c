/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sandbox/heddle-sandbox-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include "heddle-config.h"
#include "heddle-error.h"
#include "heddle-sandbox-resources.h"

#define JAVASCRIPT_PROGRAM "heddle-javascript"
#define JAVASCRIPT_INSIDE "/run/" JAVASCRIPT_PROGRAM
#define PYTHON_PROGRAM "/usr/bin/python3"
#define PYTHON_RESOURCE "/org/heddle/Heddle/sandbox/call.py"
#define SCRATCH_BYTES "16777216"

/* Where programs of the system are: what is installed elsewhere is not in the sandbox. */
static char *
find_bubblewrap (GError **error)
{
  char *path = g_find_program_in_path ("bwrap");

  if (path != NULL)
    return path;
  g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED,
                       _ ("Code cannot be run here, because bubblewrap, which keeps it away from your files and the network, is not installed."));
  heddle_error_set_hint (*error, _ ("Install the package bubblewrap."));
  return NULL;
}

/* Beside our own executable in a build tree, else where it is installed. */
static char *
find_javascript (void)
{
  const char *override = g_getenv ("HEDDLE_LIBEXECDIR");
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *own_dir = self != NULL ? g_path_get_dirname (self) : NULL;
  const char *const dirs[] = { override, own_dir };

  for (guint i = 0; i < G_N_ELEMENTS (dirs); i++)
    {
      g_autofree char *path = dirs[i] != NULL ? g_build_filename (dirs[i], JAVASCRIPT_PROGRAM, NULL) : NULL;

      if (path != NULL && g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  return g_build_filename (HEDDLE_PKGLIBEXECDIR, JAVASCRIPT_PROGRAM, NULL);
}

static void
add_isolation (GStrvBuilder *builder)
{
  g_strv_builder_add_many (builder, "--unshare-all", "--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534",
                           "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv", NULL);
  g_strv_builder_add_many (builder, "--setenv", "LANG", "C.UTF-8", "--setenv", "HOME", "/tmp", NULL);
}

static void
add_files (GStrvBuilder *builder)
{
  g_strv_builder_add_many (builder, "--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
                           "--symlink", "usr/bin", "/bin", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", NULL);
  g_strv_builder_add_many (builder, "--proc", "/proc", "--dev", "/dev", "--size", "1048576", "--tmpfs", "/dev/shm",
                           "--remount-ro", "/dev", "--size", SCRATCH_BYTES, "--tmpfs", "/tmp", "--chdir", "/tmp", NULL);
}

/* JavaScriptCore reserves far more addresses than it ever uses, so its program watches itself instead. */
static void
add_limits (GStrvBuilder *builder, HeddleSandboxLanguage language, guint memory_mb, guint timeout_ms)
{
  g_autofree char *memory = g_strdup_printf ("--as=%" G_GUINT64_FORMAT, (guint64) memory_mb * 1024 * 1024);
  g_autofree char *cpu = g_strdup_printf ("--cpu=%u", timeout_ms / 1000 + 2);

  g_strv_builder_add_many (builder, "/usr/bin/prlimit", cpu, "--fsize=" SCRATCH_BYTES, "--nofile=64", "--core=0", NULL);
  if (language == HEDDLE_SANDBOX_PYTHON)
    g_strv_builder_add (builder, memory);
  g_strv_builder_add (builder, "--");
}

static void
add_javascript (GStrvBuilder *builder, guint memory_mb)
{
  g_autofree char *memory = g_strdup_printf ("%u", memory_mb);

  g_strv_builder_add_many (builder, JAVASCRIPT_INSIDE, memory, NULL);
}

static gboolean
add_python (GStrvBuilder *builder, GError **error)
{
  g_autoptr (GBytes) script = g_resource_lookup_data (heddle_sandbox_get_resource (), PYTHON_RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (script == NULL)
    return FALSE;
  if (!g_file_test (PYTHON_PROGRAM, G_FILE_TEST_IS_EXECUTABLE))
    {
      g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("Python code cannot be run here, because Python is not installed."));
      heddle_error_set_hint (*error, _ ("Install the package python3, or choose JavaScript."));
      return FALSE;
    }
  g_strv_builder_add_many (builder, PYTHON_PROGRAM, "-I", "-c", g_bytes_get_data (script, NULL), NULL);
  return TRUE;
}

char **
heddle_sandbox_create_command (HeddleSandboxLanguage language, guint memory_mb, guint timeout_ms, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *bubblewrap = find_bubblewrap (error);
  g_autofree char *javascript = find_javascript ();

  if (bubblewrap == NULL)
    return NULL;
  g_strv_builder_add (builder, bubblewrap);
  add_isolation (builder);
  add_files (builder);
  if (language == HEDDLE_SANDBOX_JAVASCRIPT)
    g_strv_builder_add_many (builder, "--ro-bind", javascript, JAVASCRIPT_INSIDE, NULL);
  g_strv_builder_add_many (builder, "--remount-ro", "/", "--seccomp", G_STRINGIFY (HEDDLE_SANDBOX_FILTER_FD), "--", NULL);
  add_limits (builder, language, memory_mb, timeout_ms);
  if (language == HEDDLE_SANDBOX_JAVASCRIPT)
    add_javascript (builder, memory_mb);
  else if (!add_python (builder, error))
    return NULL;
  return g_strv_builder_end (builder);
}

/* Namespaces take away what there is to reach; this takes away the ways to look for more. */
static gboolean
deny_calls (scmp_filter_ctx filter)
{
  static const int denied[] = {
    SCMP_SYS (fork),
    SCMP_SYS (vfork),
    SCMP_SYS (socket),
    SCMP_SYS (socketpair),
    SCMP_SYS (memfd_create),
    SCMP_SYS (memfd_secret),
    SCMP_SYS (shmget),
    SCMP_SYS (msgget),
    SCMP_SYS (semget),
    SCMP_SYS (mq_open),
    SCMP_SYS (ptrace),
    SCMP_SYS (process_vm_readv),
    SCMP_SYS (process_vm_writev),
    SCMP_SYS (pidfd_open),
    SCMP_SYS (pidfd_getfd),
    SCMP_SYS (keyctl),
    SCMP_SYS (add_key),
    SCMP_SYS (request_key),
    SCMP_SYS (bpf),
    SCMP_SYS (perf_event_open),
    SCMP_SYS (userfaultfd),
    SCMP_SYS (io_uring_setup),
    SCMP_SYS (mount),
    SCMP_SYS (umount2),
    SCMP_SYS (pivot_root),
    SCMP_SYS (chroot),
    SCMP_SYS (unshare),
    SCMP_SYS (setns),
    SCMP_SYS (inotify_init1),
    SCMP_SYS (fanotify_init),
  };

  for (guint i = 0; i < G_N_ELEMENTS (denied); i++)
    {
      if (seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), denied[i], 0) != 0)
        return FALSE;
    }
  return TRUE;
}

/* Threads may be made, processes may not. What clone3 is asked for cannot be seen, so that the C library uses clone. */
static gboolean
deny_processes (scmp_filter_ctx filter)
{
  return seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (clone3), 0) == 0 &&
         seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (clone), 1, SCMP_A0 (SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0;
}

static int
export_filter (scmp_filter_ctx filter)
{
  int fd = memfd_create ("heddle-filter", MFD_CLOEXEC);

  if (fd < 0)
    return -1;
  if (seccomp_export_bpf (filter, fd) == 0 && lseek (fd, 0, SEEK_SET) == 0)
    return fd;
  close (fd);
  return -1;
}

int
heddle_sandbox_open_filter (GError **error)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);
  int fd = filter != NULL && deny_calls (filter) && deny_processes (filter) ? export_filter (filter) : -1;

  if (filter != NULL)
    seccomp_release (filter);
  if (fd < 0)
    g_set_error_literal (error, HEDDLE_ERROR, HEDDLE_ERROR_FAILED, _ ("Code cannot be run here, because this system cannot filter system calls."));
  return fd;
}
