/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory/heddle-memory.h"

void
heddle_memory_graph_info_free (HeddleMemoryGraphInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_free (info->error);
  g_free (info);
}

void
heddle_memory_fact_free (HeddleMemoryFact *fact)
{
  if (fact == NULL)
    return;
  g_free (fact->subject);
  g_free (fact->subject_kind);
  g_free (fact->predicate);
  g_free (fact->object);
  g_free (fact->object_kind);
  g_free (fact->run);
  g_free (fact->node);
  g_free (fact);
}

void
heddle_memory_source_free (HeddleMemorySource *source)
{
  if (source == NULL)
    return;
  g_free (source->action);
  g_free (source->run);
  g_free (source->node);
  g_free (source->excerpt);
  g_free (source);
}

void
heddle_memory_share_free (HeddleMemoryShare *share)
{
  if (share == NULL)
    return;
  g_free (share->graph);
  g_free (share->borrower);
  g_free (share);
}
