/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/heddle-cli-run-options.h"

void
heddle_cli_run_options_clear (HeddleCliRunOptions *options)
{
  g_free (options->output);
  g_free (options->durability);
  g_free (options->approve);
}

gboolean
heddle_cli_run_options_parse (const HeddleCliRunOptions *options,
                              HeddleRunOptions *run,
                              HeddleCliFollow *follow,
                              GError **error)
{
  const char *const forms[] = { "text", "json", "events", NULL };          /* as HeddleCliForm */
  const char *const durabilities[] = { "normal", "full", "memory", NULL }; /* as HeddleDurability */
  const char *const approvals[] = { "ask", "all", "none", NULL };          /* as HeddleAsking */
  int form, durability, asking;

  if (!heddle_cli_parse_word (options->output, forms, "--output", &form, error) ||
      !heddle_cli_parse_word (options->durability, durabilities, "--durability", &durability, error) ||
      !heddle_cli_parse_word (options->approve, approvals, "--approve", &asking, error))
    return FALSE;
  run->durability = (HeddleDurability) durability;
  run->asking = heddle_cli_follow_get_asking ((HeddleAsking) asking);
  follow->form = (HeddleCliForm) form;
  follow->asking = (HeddleAsking) asking;
  follow->unstored = durability == HEDDLE_DURABILITY_MEMORY;
  return TRUE;
}
